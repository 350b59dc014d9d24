"""Components: what bills of materials list as parts of a product."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="components",
    about="One component as one document lists it; happened_at is when that document was made.",
    key=("repo", "document", "component"),
    columns=(
        Column("repo", CODE, "repository or project the document is about"),
        Column("document", CODE, "id of the document, or a hash of it"),
        Column(
            "component",
            pa.string(),
            "its id in the document: a reference, purl, or name and version",
        ),
        Column("purl", pa.string(), "its package URL"),
        Column("name", pa.string(), "its name, with the group or namespace before it"),
        Column("version", pa.string(), "its version"),
        Column("latest", pa.string(), "newest version there was of it, where the document says"),
        Column(
            "kind",
            CODE,
            "library, framework, application, container, operating_system, file, source, data, model, device, "
            "firmware or other",
        ),
        Column("kind_original", CODE, "kind in the words of the document"),
        Column("licence", pa.string(), "its licences, as SPDX ids or expression where it has them"),
        Column(
            "scope",
            CODE,
            "required, optional, development, test, build, provided, excluded or other",
        ),
        Column("scope_original", CODE, "scope in the words of the document"),
        Column("direct", pa.bool_(), "whether the product itself depends on it"),
        Column("supplier", CODE, "organisation that supplies it; people are left out"),
        Column("path", pa.string(), "file that names it", sensitivity=Sensitivity.PATH),
        Column("sha", pa.string(), "commit looked at", sensitivity=Sensitivity.REFERENCE),
    ),
)
