"""目录导出 the catalogue as DCAT-AP 3: catalogue, data sets down to their items, distributions, services, agents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCAT, DCTERMS, FOAF, SKOS

from zhongshu.data.catalogue.counting import Count
from zhongshu.data.catalogue.entries import Dataset, Item

FORMATS = {"turtle": "text/turtle", "json-ld": "application/ld+json", "xml": "application/rdf+xml"}
"""Forms that can be written, with their media types."""

CSVW = Namespace("http://www.w3.org/ns/csvw#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
EU = "http://publications.europa.eu/resource/authority/"

_FREQUENCY = {"minute": "CONT", "hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY"}
_FREQUENCY |= {"quarter": "QUARTERLY", "half": "ANNUAL_2", "year": "ANNUAL", "once": "NEVER"}
_RIGHTS = {"1": "PUBLIC", "2": "RESTRICTED", "3": "NON_PUBLIC"}
_FILES = {"table": "CSV", "file": "CSV", "map": "GEOJSON", "service": "JSON"}
_TYPES = {"integer": "integer", "number": "decimal", "date": "date", "time": "dateTime"}
LANGUAGES = ("ZHO", "ENG")


@dataclass(frozen=True, slots=True)
class City:
    """Whose catalogue it is; `base` is the address of this installation, `units` code -> (name, English name)."""

    name: str
    name_en: str
    base: str
    publisher: str
    units: Mapping[str, tuple[str, str]]


def export(city: City, every: Iterable[Dataset], counts: Mapping[str, Mapping[str, Count]], form: str) -> str:
    """The whole catalogue as one text of a form of FORMATS."""
    text: str = graph(city, every, counts).serialize(format=form)
    return text


def graph(city: City, every: Iterable[Dataset], counts: Mapping[str, Mapping[str, Count]]) -> Graph:
    """The whole catalogue as a graph."""
    made = Graph()
    for prefix, space in (("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("csvw", CSVW), ("vcard", VCARD)):
        made.bind(prefix, space)
    made.bind("dcatap", DCATAP)
    root = URIRef(f"{city.base}/data/catalogue")
    made.add((root, RDF.type, DCAT.Catalog))
    _texts(made, root, f"{city.name}政务数据目录", f"Data catalogue of {city.name_en}")
    _described(
        made,
        root,
        f"{city.name}各部门、各区数据资源目录",
        "Data resources, down to the item",
    )
    made.add((root, DCTERMS.publisher, _agent(made, city, city.publisher)))
    _languages(made, root)
    service = _service(made, city)
    made.add((root, DCAT.service, service))
    for one in every:
        node = _dataset(made, city, one, counts.get(one.dataset, {}).get(""))
        made.add((root, DCAT.dataset, node))
        made.add((service, DCAT.servesDataset, node))
    return made


def _texts(made: Graph, node: URIRef, zh: str, en: str) -> None:
    made.add((node, DCTERMS.title, Literal(zh, lang="zh")))
    if en:
        made.add((node, DCTERMS.title, Literal(en, lang="en")))


def _described(made: Graph, node: URIRef, zh: str, en: str) -> None:
    made.add((node, DCTERMS.description, Literal(zh, lang="zh")))
    if en:
        made.add((node, DCTERMS.description, Literal(en, lang="en")))


def _languages(made: Graph, node: URIRef) -> None:
    for code in LANGUAGES:
        made.add((node, DCTERMS.language, _term(made, f"language/{code}", DCTERMS.LinguisticSystem)))


def _term(made: Graph, path: str, kind: URIRef, name: str = "") -> URIRef:
    """A term of an authority table of the EU, said to be of its class, which the shapes look for."""
    node = URIRef(EU + path)
    made.add((node, RDF.type, kind))
    if name:
        made.add((node, SKOS.prefLabel, Literal(name, lang="en")))
    return node


def _agent(made: Graph, city: City, unit: str) -> URIRef:
    node = URIRef(f"{city.base}/units/{unit}")
    zh, en = city.units.get(unit, (unit, ""))
    made.add((node, RDF.type, FOAF.Agent))
    made.add((node, FOAF.name, Literal(zh, lang="zh")))
    if en:
        made.add((node, FOAF.name, Literal(en, lang="en")))
    return node


def _service(made: Graph, city: City) -> URIRef:
    node = URIRef(f"{city.base}/api/data")
    made.add((node, RDF.type, DCAT.DataService))
    _texts(made, node, f"{city.name}数据资源接口", f"Data API of {city.name_en}")
    for predicate, path in ((DCAT.endpointURL, "/api/"), (DCAT.endpointDescription, "/api/openapi.json")):
        made.add((node, predicate, _resource(made, f"{city.base}{path}")))
    return node


def _resource(made: Graph, address: str) -> URIRef:
    node = URIRef(address)
    made.add((node, RDF.type, URIRef("http://www.w3.org/2000/01/rdf-schema#Resource")))
    return node


def share_of(one: Dataset) -> str:
    """The strictest share type of its items: that of a whole copy."""
    return max((item.share for item in one.items), default="1")


def _dataset(made: Graph, city: City, one: Dataset, count: Count | None) -> URIRef:
    node = URIRef(f"{city.base}/data/catalogue/{one.dataset}")
    made.add((node, RDF.type, DCAT.Dataset))
    _texts(made, node, one.name, one.name_en)
    _described(made, node, one.summary or one.name, "")
    made.add((node, DCTERMS.identifier, Literal(one.number)))
    made.add((node, DCTERMS.publisher, _agent(made, city, one.provider)))
    made.add((node, DCAT.contactPoint, _contact(made, city, one.provider)))
    made.add((node, DCAT.theme, _term(made, "data-theme/GOVE", SKOS.Concept, "Government and public sector")))
    cycle = _term(made, f"frequency/{_FREQUENCY[one.cycle]}", DCTERMS.Frequency)
    made.add((node, DCTERMS.accrualPeriodicity, cycle))
    rights = _term(made, f"access-right/{_RIGHTS[share_of(one)]}", DCTERMS.RightsStatement)
    made.add((node, DCTERMS.accessRights, rights))
    _languages(made, node)
    if one.published:
        made.add((node, DCTERMS.issued, Literal(one.published)))
    if count is not None and count.newest is not None:
        made.add((node, DCTERMS.modified, Literal(count.newest)))
    for item in one.items:
        made.add((node, DCAT.keyword, Literal(item.name, lang="zh")))
    for other in one.related:
        made.add((node, DCTERMS.relation, _resource(made, f"{city.base}/data/catalogue/{other}")))
    made.add((node, DCAT.distribution, _distribution(made, city, one)))
    return node


def _contact(made: Graph, city: City, unit: str) -> URIRef:
    node = URIRef(f"{city.base}/units/{unit}#contact")
    made.add((node, RDF.type, VCARD.Organization))
    made.add((node, RDF.type, VCARD.Kind))
    made.add((node, VCARD.fn, Literal(city.units.get(unit, (unit, ""))[0], lang="zh")))
    return node


def _distribution(made: Graph, city: City, one: Dataset) -> URIRef:
    """The way to its rows, with the schema of its items."""
    node = URIRef(f"{city.base}/data/catalogue/{one.dataset}#rows")
    made.add((node, RDF.type, DCAT.Distribution))
    _texts(made, node, f"{one.name}（按权限取用）", "Rows, as far as shared")
    made.add((node, DCAT.accessURL, _resource(made, f"{city.base}/api/data/catalogue/{one.dataset}")))
    made.add((node, DCTERMS["format"], _term(made, f"file-type/{_FILES[one.format]}", DCTERMS.MediaTypeOrExtent)))
    made.add((node, DCATAP.availability, _term(made, "planned-availability/STABLE", SKOS.Concept, "stable")))
    schema = URIRef(f"{city.base}/data/catalogue/{one.dataset}#schema")
    made.add((schema, RDF.type, CSVW.Schema))
    made.add((schema, RDF.type, DCTERMS.Standard))
    made.add((node, DCTERMS.conformsTo, schema))
    columns = BNode()
    Collection(made, columns, [_column(made, city, item) for item in one.items])
    made.add((schema, CSVW.column, columns))
    if one.keys:
        made.add((schema, CSVW.primaryKey, Literal(",".join(one.keys))))
    return node


def _column(made: Graph, city: City, item: Item) -> URIRef:
    node = URIRef(f"{city.base}/data/catalogue/{item.dataset}#{item.item}")
    made.add((node, RDF.type, CSVW.Column))
    made.add((node, CSVW.name, Literal(item.item)))
    made.add((node, CSVW.title, Literal(item.name, lang="zh")))
    made.add((node, CSVW.datatype, XSD[_TYPES.get(item.type, "string")]))
    made.add((node, CSVW.required, Literal(item.key)))
    made.add((node, DCTERMS.accessRights, URIRef(f"{EU}access-right/{_RIGHTS[item.share]}")))
    return node
