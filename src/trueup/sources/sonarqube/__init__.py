"""SonarQube: issues and security hotspots, measures, analyses, quality gates, and users."""

from __future__ import annotations

from trueup.kernel.sources import SENSITIVE, Door, Interface, Sign, Source, own_door, sent
from trueup.sources.sonarqube.kinds import KINDS

USUAL = Door("https://sonarqube.example.org", ("SONAR_TOKEN",))


def _headers(token: str) -> dict[str, str]:
    # As the name of a user without password: all versions take it so, older ones only so.
    return sent(f"{token}:" if token else "", "Basic {basic}")


SOURCE = Source(
    name="sonarqube",
    version=1,
    title="SonarQube Server, Community Build and Cloud",
    sensitive=SENSITIVE,
    access=(
        "a user token in SONAR_TOKEN whose user may browse the project, the address of the server in "
        "SONAR_HOST_URL (for the cloud https://sonarcloud.io), and the key of the project. Nothing is written"
    ),
    limits=(
        "The main branch is read, no other branches and no pull requests: their issues in files are left, and that is told. SonarQube gives at most 10,000 results of "
        "one search: issues are asked for by the dates they were made, so that only more than that of one moment "
        "are out of reach, and hotspots beyond the first 10,000; what cannot be had is told as not read. SonarQube "
        "deletes closed issues after a while (30 days unless set otherwise): what is closed and deleted between two "
        "syncs is seen as it was before. Measures carry no date, and measures that are no numbers are left out. "
        "Measures of files that were removed or renamed go at a reconciliation. Efforts are in days of eight hours. Analyses of the last year are read, each with its quality gate where "
        "SonarQube still has it. Addresses of users are shown to administrators only; without them accounts stay "
        "apart from those who commit. In older projects made of modules the files of issues are not known. Without "
        "a token, save the answers of the addresses above as files; of analyses and quality gates keep the request "
        "beside the record (a table with the columns `data` and `url`), for the records do not name their project."
    ),
    kinds=KINDS,
    signs=(Sign("sonar-project.properties", r"^\s*sonar\.projectKey\s*[=:]\s*(\S+)"),),
    interface=Interface(
        own_door("SONAR", where="SONAR_HOST_URL"),
        _headers,
        USUAL,
        place="a project",
        where="SONAR_HOST_URL",
    ),
)
