"""What is asked of Linear, in its own language of questions."""

_WHO = "{ id name email app }"
_AFTER = "after: $cursor, orderBy: updatedAt, includeArchived: true"

# A question may cost 10,000 points: one for each thing, multiplied by how many of a list are asked for.
ISSUES = f"""
query issues($team: String!, $since: DateTimeOrDuration!, $cursor: String) {{
  issues(first: 25, {_AFTER}, filter: {{team: {{key: {{eq: $team}}}}, updatedAt: {{gte: $since}}}}) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{
      id identifier previousIdentifiers title description trashed priorityLabel estimate dueDate
      createdAt updatedAt completedAt canceledAt
      team {{ key }} state {{ name type }} parent {{ identifier }} cycle {{ id }} project {{ id }}
      creator {_WHO} assignee {_WHO}
      labels(first: 10) {{ pageInfo {{ hasNextPage }} nodes {{ name }} }}
      relations(first: 10) {{
        pageInfo {{ hasNextPage }} nodes {{ type createdAt relatedIssue {{ identifier }} }}
      }}
      attachments(first: 10) {{ pageInfo {{ hasNextPage }} nodes {{ url createdAt }} }}
      history(first: 20) {{
        pageInfo {{ hasNextPage }}
        nodes {{
          id createdAt actor {_WHO} fromState {{ name type }} toState {{ name type }}
          fromAssigneeId toAssigneeId fromCycleId toCycleId fromProjectId toProjectId
          addedLabels {{ name }} removedLabels {{ name }}
        }}
      }}
    }}
  }}
}}
"""

COMMENTS = f"""
query comments($team: String!, $since: DateTimeOrDuration!, $cursor: String) {{
  comments(
    first: 100, {_AFTER}, filter: {{issue: {{team: {{key: {{eq: $team}}}}}}, updatedAt: {{gte: $since}}}}
  ) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{
      id body createdAt updatedAt editedAt parent {{ id }} user {_WHO} issue {{ identifier team {{ key }} }}
    }}
  }}
}}
"""

CYCLES = f"""
query cycles($team: String!, $since: DateTimeOrDuration!, $cursor: String) {{
  cycles(first: 100, {_AFTER}, filter: {{team: {{key: {{eq: $team}}}}, updatedAt: {{gte: $since}}}}) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{ id number startsAt endsAt completedAt createdAt updatedAt team {{ key }} }}
  }}
}}
"""

PROJECTS = f"""
query projects($team: String!, $since: DateTimeOrDuration!, $cursor: String) {{
  projects(
    first: 50, {_AFTER},
    filter: {{accessibleTeams: {{some: {{key: {{eq: $team}}}}}}, updatedAt: {{gte: $since}}}}
  ) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{
      id createdAt updatedAt startDate targetDate completedAt canceledAt status {{ type }}
      teams(first: 20) {{ pageInfo {{ hasNextPage }} nodes {{ key }} }}
    }}
  }}
}}
"""
