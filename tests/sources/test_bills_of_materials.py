"""Corner cases of CycloneDX and SPDX, in all forms they are written in."""

from __future__ import annotations

import io
import json

import pytest
from tests.sources.reading import findings, read

from trueup.facts.rows import OddRecordError, UnplacedError
from trueup.facts.scanning import licence_of, organisation
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock, moment_of
from trueup.kernel.errors import ExportError
from trueup.runs.intake import take_exports
from trueup.sources.cyclonedx import xml
from trueup.sources.spdx import tags

NOW = fixed_clock(moment_of("2026-02-01T00:00:00Z"))
LIBRARY = {"type": "library", "name": "a", "version": "1"}


def bom(*components, about=None, **more):
    about = (
        {"component": {"type": "application", "name": "acme/app", "bom-ref": "root"}}
        if about is None
        else about
    )
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": about,
        "components": [*components],
        **more,
    }


def components(record, about=None):
    return read("cyclonedx", "cyclonedx", record, about or {}).get("components", [])


def test_a_document_without_vulnerabilities_did_not_look_for_any():
    (scan,) = read("cyclonedx", "cyclonedx", bom(LIBRARY), {})["scans"]
    assert (scan["findings"], scan["components"]) == (None, 1)
    (scan,) = read("cyclonedx", "cyclonedx", bom(LIBRARY, vulnerabilities=[]), {})["scans"]
    assert scan["findings"] is None, "what Trivy writes when it was told not to look"
    told = [{"id": "CVE-1", "affects": []}]
    (scan,) = read("cyclonedx", "cyclonedx", bom(LIBRARY, vulnerabilities=told), {})["scans"]
    assert scan["findings"] == 1


def test_which_are_direct_is_not_known_without_the_dependencies_of_the_product():
    assert components(bom(LIBRARY))[0]["direct"] is None
    other = [{"ref": "other", "dependsOn": ["x"]}]
    assert components(bom(LIBRARY, dependencies=other))[0]["direct"] is None
    none = [{"ref": "root"}]
    assert components(bom(LIBRARY, dependencies=none))[0]["direct"] is False


def test_packages_of_a_lock_file_are_those_of_the_product():
    """Trivy puts the file between the product and what it lists."""
    lock = {"type": "application", "name": "package-lock.json", "bom-ref": "lock"}
    libraries = [{**LIBRARY, "name": x, "bom-ref": x, "purl": f"pkg:npm/{x}@1"} for x in ("a", "b")]
    depends = [
        {"ref": "root", "dependsOn": ["lock"]},
        {"ref": "lock", "dependsOn": ["a"]},
        {"ref": "a", "dependsOn": ["b"]},
    ]
    found = components(bom(lock, *libraries, dependencies=depends))
    assert {c["name"]: c["direct"] for c in found} == {"a": True, "b": False}
    turning = [*depends[:1], {"ref": "lock", "dependsOn": ["lock", "a"]}]
    assert len(components(bom(lock, *libraries, dependencies=turning))) == 2
    real = {**lock, "version": "2"}
    assert len(components(bom(real, *libraries, dependencies=depends))) == 3


def test_components_within_others_are_found_however_deep():
    deep = {**LIBRARY, "bom-ref": "0"}
    for n in range(1, 3000):
        deep = {**LIBRARY, "bom-ref": str(n), "components": [deep]}
    assert len(components(bom(deep))) == 3000


def test_a_folder_on_a_machine_is_no_repository():
    for name in ("/home/someone/app", ".", "C:\\app"):
        with pytest.raises(UnplacedError, match="repository"):
            components(bom(about={"component": {"type": "file", "name": name}}))
    with pytest.raises(UnplacedError, match="repository"):
        components(bom(about={}))


def test_suppliers_are_organisations():
    assert organisation("Acme GmbH") == "Acme GmbH"
    assert organisation("Debian Team <team@lists.example.org>") is None
    assert organisation("Ada Quill (ada@example.org)") is None
    assert organisation(None) is None
    told = {
        **LIBRARY,
        "supplier": {"name": "Acme", "contact": [{"name": "Ada"}]},
        "publisher": "Ada",
        "author": "Ada",
    }
    (row,) = components(bom(told))
    assert (row["supplier"], "Ada" in repr(row)) == ("Acme", False)


def test_licences_that_are_texts_are_other():
    assert licence_of(["MIT"]) == "MIT"
    assert licence_of(["Copyright 2011 Ada Quill"]) == "other"
    assert licence_of(["x" * 200, "MIT"]) == "other, MIT"
    assert (
        licence_of(["Mozilla Public License 2.0 (MPL 2.0)"])
        == "Mozilla Public License 2.0 (MPL 2.0)"
    )
    assert licence_of(["NOASSERTION", None, ""]) is None


def test_ratings_without_a_known_word_go_by_their_score():
    def rated(*ratings):
        told = {"id": "CVE-1", "ratings": [*ratings]}
        (found,) = read("cyclonedx", "cyclonedx", bom(vulnerabilities=[told]), {})["findings"]
        return found["severity"]

    assert rated({"severity": "none"}) == "info"
    assert rated({"score": 9.9, "method": "CVSSv2"}) == "high"
    assert rated({"score": 9.9, "method": "CVSSv4"}) == "critical"
    assert rated({"score": 9.9, "method": "OWASP"}) is None
    assert rated({"severity": "unknown"}, {"severity": "low"}) == "low"


@pytest.mark.parametrize(
    ("source", "severity"),
    [("debian", "low"), ("NVD", "critical"), ("other", "other"), (None, "other")],
)
def test_a_vulnerability_is_as_severe_as_its_own_source_says(source, severity):
    told = [
        ("amazon", "medium", None),
        ("nvd", "high", "CVSSv2"),
        ("nvd", "critical", "CVSSv31"),
        ("debian", "low", None),
    ]
    ratings = [{"source": {"name": n}, "severity": s, "method": m} for n, s, m in told]
    one = {"id": "CVE-1", "ratings": ratings} | ({"source": {"name": source}} if source else {})
    (found,) = findings("cyclonedx", "cyclonedx", bom(vulnerabilities=[one]), {})
    assert found["severity"] == severity
    one["ratings"] = ratings[:1] * 2
    (found,) = findings("cyclonedx", "cyclonedx", bom(vulnerabilities=[one]), {})
    assert found["severity"] == "medium", "nobody says otherwise"


def test_in_xml_a_text_is_read_whatever_stands_beside_it():
    text = b"""<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><metadata><component type="library">
    <name>acme/app</name></component></metadata><components><component type="library" bom-ref="a"><name>a</name>
    <licenses><expression acknowledgement="declared">MIT OR Apache-2.0</expression></licenses></component>
    <component type="library" bom-ref="b"><name>b</name><licenses><license acknowledgement="declared"><id>MIT</id>
    </license></licenses></component></components></bom>"""
    (record,) = xml.read(io.BytesIO(text))
    assert [c["licence"] for c in components(record)] == ["MIT OR Apache-2.0", "MIT"]


def test_xml_and_json_of_one_document_say_the_same():
    record = bom(
        {**LIBRARY, "bom-ref": "a", "licenses": [{"license": {"id": "MIT"}}], "scope": "optional"},
        dependencies=[{"ref": "root", "dependsOn": ["a"]}],
        vulnerabilities=[
            {
                "id": "CVE-1",
                "ratings": [{"severity": "low"}],
                "affects": [{"ref": "a"}],
                "analysis": {"state": "resolved"},
            }
        ],
    )
    text = b"""<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
    <metadata><component type="application" bom-ref="root"><name>acme/app</name></component></metadata>
    <components><component type="library" bom-ref="a"><name>a</name><version>1</version><scope>optional</scope>
    <licenses><license><id>MIT</id></license></licenses></component></components>
    <dependencies><dependency ref="root"><dependency ref="a"/></dependency></dependencies>
    <vulnerabilities><vulnerability><id>CVE-1</id><ratings><rating><severity>low</severity></rating></ratings>
    <analysis><state>resolved</state></analysis><affects><target><ref>a</ref></target></affects></vulnerability></vulnerabilities>
    </bom>"""
    (same,) = xml.read(io.BytesIO(text))
    assert read("cyclonedx", "cyclonedx", same, {}) == read("cyclonedx", "cyclonedx", record, {})


@pytest.mark.parametrize(
    "text",
    [
        b'<!DOCTYPE bom [<!ENTITY a "b">]><bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>',
        b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components>',
        b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5">\xff</bom>',
    ],
)
def test_xml_that_is_dangerous_or_broken_is_told_and_stops_nothing(text, tmp_path):
    (tmp_path / "bom.xml").write_bytes(text)
    (tmp_path / "bom.json").write_text(json.dumps(bom(LIBRARY)), "utf-8")
    store = Store(tmp_path / "w")
    (taken,) = take_exports(tmp_path, store, b"key", NOW, lambda *_: None)
    assert (taken.unread, dict(taken.records)) == (1, {"cyclonedx": 1})


def test_xml_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xml, "LARGEST", 100)
    (tmp_path / "bom.xml").write_bytes(
        b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5">' + b" " * 200
    )
    with pytest.raises(ExportError):
        take_exports(tmp_path, Store(tmp_path / "w"), b"key", NOW, lambda *_: None)


def spdx(*packages, **more):
    product = {"name": "app", "SPDXID": "SPDXRef-Root", "downloadLocation": "NOASSERTION"}
    return {
        "spdxVersion": "SPDX-2.3",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "doc",
        "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: t"]},
        "packages": [product, *packages],
        "documentDescribes": ["SPDXRef-Root"],
        **more,
    }


def test_spdx_does_not_look_for_findings():
    (scan,) = read("spdx", "spdx", spdx(), {})["scans"]
    assert (scan["findings"], scan["components"], scan["repo"], scan["tool"]) == (
        None,
        None,
        "app",
        "t",
    )


def test_a_document_that_describes_all_it_lists_tells_no_product():
    record = spdx(
        {"name": "b", "SPDXID": "SPDXRef-b"}, documentDescribes=["SPDXRef-Root", "SPDXRef-b"]
    )
    made = read("spdx", "spdx", record)["components"]
    assert [(r["name"], r["direct"]) for r in made] == [("app", None), ("b", None)]


def test_spdx_without_a_product_needs_a_repository():
    with pytest.raises(UnplacedError, match="repository"):
        read("spdx", "spdx", spdx(documentDescribes=[]), {})
    with pytest.raises(OddRecordError):
        read("spdx", "spdx", spdx(spdxVersion="SPDX-3.0"), {})


@pytest.mark.parametrize(
    ("creator", "tool", "version"),
    [
        ("Tool: syft-1.4.1", "syft", "1.4.1"),
        ("Tool: trivy-v0.50.1", "trivy", "0.50.1"),
        ("Tool: GitHub.com-Dependency-Graph", "github.com-dependency-graph", None),
        ("Person: Ada Quill (ada@example.org)", "spdx", None),
    ],
)
def test_tools(creator, tool, version):
    record = spdx(creationInfo={"created": "2026-01-01T00:00:00Z", "creators": [creator]})
    (scan,) = read("spdx", "spdx", record)["scans"]
    assert (scan["tool"], scan["tool_version"]) == (tool, version)


def test_tags_that_are_texts_of_others_are_none():
    text = b"""SPDXVersion: SPDX-2.3\r
SPDXID: SPDXRef-DOCUMENT\r
DocumentComment: <text>PackageName: no\r
SPDXID: no</text>\r
PackageName: acme/app\r
SPDXID: SPDXRef-Root\r
PackageComment: <text>one line</text>\r
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Root\r
"""
    (record,) = tags.read(io.BytesIO(b"\xef\xbb\xbf" + text))
    assert [p["name"] for p in record["packages"]] == ["acme/app"]
    assert record["SPDXID"] == "SPDXRef-DOCUMENT"


@pytest.mark.parametrize(
    "text", [b"SPDXVersion: SPDX-2.3\nX: <text>a\n", b"SPDXVersion: SPDX-2.3\nRelationship: a b\n"]
)
def test_broken_tags_are_told_without_any_value(text, tmp_path):
    (tmp_path / "a.spdx").write_bytes(text)
    with pytest.raises(ExportError) as error:
        take_exports(tmp_path, Store(tmp_path / "w"), b"key", NOW, lambda *_: None)
    assert "not read from here on" in str(error.value)


def test_a_zip_of_reports_of_all_kinds(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as archive:
        archive.writestr("a/bom.json", json.dumps(bom(LIBRARY)))
        archive.writestr("b/app.spdx.json", json.dumps(spdx({"name": "b", "SPDXID": "SPDXRef-b"})))
    store = Store(tmp_path / "w")
    taken = take_exports(tmp_path / "reports.zip", store, b"key", NOW, lambda *_: None)
    assert sorted(t.source for t in taken) == ["cyclonedx", "spdx"]
    assert store.snapshot().table(TABLES["components"]).num_rows == 2
