"""Fields that sites of Jira make: points, epics and sprints."""

from __future__ import annotations

FLOAT = {"type": "number", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:float"}
POINTS = {"type": "number", "custom": "com.pyxis.greenhopper.jira:jsw-story-points"}


def points_of(desk, *fields, **values):
    for number, name, schema in fields:
        desk.take("fields", {"id": f"customfield_{number}", "name": name, "schema": schema})
    return desk.issue(**values).get("points")


def test_story_points_are_read_where_the_list_of_fields_names_them(desk):
    assert points_of(desk, customfield_10024=3.0) is None
    assert points_of(desk, (10024, "Story Points", FLOAT), customfield_10024=3.0) == 3.0
    assert points_of(desk, (10016, "Schätzung", POINTS), customfield_10016=5) == 5.0


def test_no_other_number_is_taken_for_points(desk):
    other = {"type": "string", "custom": "x:textfield"}
    fields = [
        (1, "Story points of others", FLOAT),
        (2, "Story Points", other),
        (3, "Story Points", {}),
    ]
    values = {f"customfield_{n}": 8 for n in (1, 2, 3)}
    assert points_of(desk, *fields, **values) is None


def test_fields_that_differ_tell_nothing(desk):
    fields = [(10024, "Story Points", FLOAT), (10016, "Story point estimate", POINTS)]
    assert points_of(desk, *fields, customfield_10024=3, customfield_10016=5) is None
    assert points_of(desk, *fields, customfield_10024=3, customfield_10016=None) == 3.0
    assert points_of(desk, *fields, customfield_10024=0, customfield_10016=0.0) == 0.0
    assert points_of(desk, *fields, customfield_10024=True) is None


def test_names_may_stand_beside_an_issue(desk):
    beside = {
        "names": {"customfield_10024": "Story Points"},
        "schema": {"customfield_10024": FLOAT},
    }
    assert desk.issue(**beside, customfield_10024=2)["points"] == 2.0
    assert "points" not in desk.issue(names=beside["names"], customfield_10024=2)


def test_an_epic_is_the_parent_of_what_has_no_other(desk):
    assert desk.issue(epic={"key": "PAY-9"})["parent"] == "PAY-9"
    assert desk.issue(epic={"key": "PAY-9"}, parent={"key": "PAY-2"})["parent"] == "PAY-2"
    desk.take(
        "fields",
        {
            "id": "customfield_1",
            "name": "Epos",
            "schema": {"custom": "com.pyxis.greenhopper.jira:gh-epic-link"},
        },
    )
    found = desk.issue_tables(customfield_1="PAY-7")
    assert found["issues"][0]["parent"] == "PAY-7"
    assert [(r["relation"], r["target"]) for r in found["item_links"]] == [("parent", "PAY-7")]


def sprint(number, state, started, **more):
    return {"id": number, "state": state, "startDate": started, "boardId": 4} | more


def test_the_sprint_is_the_one_it_is_in_or_else_the_newest(desk):
    old, new = sprint(9, "closed", "2026-01-05"), sprint(8, "closed", "2026-01-19")
    assert desk.issue(customfield_5=[old, new])["milestone"] == "8"
    assert desk.issue(customfield_5=[new, sprint(3, "active", "2026-01-01")])["milestone"] == "3"
    assert (
        desk.issue(sprint=None, closedSprints=[sprint(7, "closed", "2026", originBoardId=1)])[
            "milestone"
        ]
        == "7"
    )
    assert desk.issue(customfield_5=[old, sprint(10, "future", None)])["milestone"] == "10"


def test_a_list_of_something_else_is_no_sprint(desk):
    assert "milestone" not in desk.issue(
        customfield_5=[
            {"id": "10", "state": "open"},
            {"id": "11", "value": "x"},
            "id=7,state=CLOSED",
            3,
            None,
        ],
        customfield_6="com.atlassian.greenhopper.service.sprint.Sprint@1[id=7,state=CLOSED,startDate=2026]",
    )


def test_sprints_as_servers_print_them(desk):
    text = (
        "com.atlassian.greenhopper.service.sprint.Sprint@55[id=7,rapidViewId=2,state={},name=Seven, [id=9],"
        "goal=<null>,startDate={},endDate=<null>,completeDate=<null>,sequence=7]"
    )
    closed = text.format("CLOSED", "2025-11-10T09:00:00.000Z")
    active = text.replace("id=7,", "id=8,").format("ACTIVE", "<null>")
    assert desk.issue(customfield_5=[closed])["milestone"] == "7"
    assert desk.issue(customfield_5=[active, closed])["milestone"] == "8"
    assert "milestone" not in desk.issue(
        customfield_5=["com.atlassian.greenhopper.service.sprint.Sprint@55[?]"]
    )
