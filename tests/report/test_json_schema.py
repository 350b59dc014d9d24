import json
import unicodedata
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator, ValidationError
from tests.report import documents

from trueup.publish.document import Audience
from trueup.report.json_schema import dumps, schema

DOCUMENTS = {
    "team": documents.full(),
    "organisation": documents.full(Audience.ORGANISATION),
    "empty": documents.nearly_empty(),
    "hostile": documents.hostile(),
}


@pytest.fixture(scope="module")
def validator():
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_keep_the_schema(name, validator):
    text = dumps(DOCUMENTS[name])
    text.encode("utf-8")
    categories = {unicodedata.category(letter) for letter in text.replace("\n", "")}
    assert not categories & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    validator.validate(json.loads(text))


def test_nothing_is_lost():
    plain = json.loads(json.dumps(documents.full().to_dict()))
    assert json.loads(dumps(documents.full())) == plain
    hostile = documents.hostile()
    assert json.loads(dumps(hostile))["couplings"][2]["left"] == documents.BIDI


def test_order_is_that_of_the_document():
    mix = documents.mix()
    upside_down = replace(mix, counts=dict(reversed(mix.counts.items())))
    assert dumps(replace(documents.full(), mix=upside_down)) == dumps(documents.full())
    assert list(json.loads(dumps(documents.full())))[:3] == ["title", "audience", "version"]


def test_no_number_is_not_a_number():
    figure = replace(documents.full().visibility, value=float("nan"))
    with pytest.raises(ValueError, match="JSON compliant"):
        dumps(replace(documents.full(), visibility=figure))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda d: d.pop("mix"), id="missing"),
        pytest.param(lambda d: d.update(more=1), id="unknown"),
        pytest.param(lambda d: d.update(schema="trueup.scan/0"), id="other-version"),
        pytest.param(lambda d: d.update(audience="public"), id="other-audience"),
        pytest.param(lambda d: d["ledger"]["months"][0].update(new=1.5), id="half-a-claim"),
        pytest.param(lambda d: d["visibility"].pop("reason"), id="figure-without-reason"),
    ],
)
def test_the_schema_refuses(spoil, validator):
    plain = json.loads(dumps(documents.full()))
    spoil(plain)
    with pytest.raises(ValidationError):
        validator.validate(plain)


def test_every_object_is_described_and_closed():
    made = schema()
    for one in (made, *made["$defs"].values()):
        assert one["description"]
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])
