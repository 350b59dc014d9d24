"""Streams of connectors that write Airbyte's messages: incidents of systems that have no source of their own."""

from __future__ import annotations

from trueup.kernel.sources import SENSITIVE, Source
from trueup.sources.airbyte import firehydrant, servicenow, squadcast, victorops

KINDS = (*firehydrant.KINDS, *servicenow.KINDS, *squadcast.KINDS, *victorops.KINDS)

SOURCE = Source(
    name="airbyte",
    version=1,
    title="FireHydrant, ServiceNow, Squadcast and VictorOps, as connectors and their interfaces give them",
    sensitive=SENSITIVE,
    access=(
        "none: files are read. To make them, a connector of Airbyte needs an account that may read incidents, users and teams"
    ),
    limits=(
        'Messages of Airbyte (`{"type": "RECORD", "record": {"stream": ..., "data": ...}}`) and the files that its '
        "destinations write (`_airbyte_data`) are read, whatever the stream: records of systems that have a source of "
        "their own, as PagerDuty, go to that source. Streams nobody knows are counted and named, answers to surveys are "
        "not read yet. Incidents stand under their id or number, in the organisation or system they are kept in, for "
        "services are named, and renamed. Of several services the first is kept, of several people the commander, who had it or who took it up "
        "last. Squadcast does not tell who resolved an incident. States and close codes that an organisation "
        "has added to ServiceNow become `other`; incidents with the values that people see (`sysparm_display_value`) have no times, for "
        "these are in the zone of the account that asked. Alerts that belong to incidents are left. Somebody who left a team is "
        "still in it as last seen. Titles are kept as a hash, notes and events in words not at all."
    ),
    kinds=KINDS,
    left={
        "surveys": "answers to surveys are not read yet: what people were asked needs rules of its own"
    },
)
