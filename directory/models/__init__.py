"""What is listed, in the shape of HSDS 3.2."""

from directory.models.attachments import (
    Accessibility,
    Contact,
    CostOption,
    Language,
    Metadata,
    Phone,
    RequiredDocument,
    Schedule,
    ServiceArea,
    ServiceCapacity,
    Unit,
)
from directory.models.locations import Address, Area, Location, LocationPolicy, ServiceAtLocation
from directory.models.programs import Program, ProgramAlias
from directory.models.services import Publication, Service, ServiceAlias, ServiceStatus
from directory.models.taxonomy import Attribute, Taxonomy, TaxonomyTerm

__all__ = [
    "Accessibility",
    "Address",
    "Area",
    "Attribute",
    "Contact",
    "CostOption",
    "Language",
    "Location",
    "LocationPolicy",
    "Metadata",
    "Phone",
    "Program",
    "ProgramAlias",
    "Publication",
    "RequiredDocument",
    "Schedule",
    "Service",
    "ServiceAlias",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "ServiceStatus",
    "Taxonomy",
    "TaxonomyTerm",
    "Unit",
]
