"""What is listed, in the shape of HSDS 3.2."""

from directory.models.attachments import (
    Accessibility,
    Contact,
    CostOption,
    Language,
    Metadata,
    Phone,
    RequiredDocument,
    ServiceArea,
    ServiceCapacity,
    Unit,
)
from directory.models.locations import Address, Area, Location, LocationPolicy, ServiceAtLocation
from directory.models.programs import Program, ProgramAlias
from directory.models.schedules import Frequency, Schedule, ScheduleException
from directory.models.search import SearchColumn, SearchEntry, SearchPosting, SearchState
from directory.models.services import HolidayHours, Publication, Service, ServiceAlias, ServiceStatus
from directory.models.taxonomy import Attribute, Taxonomy, TaxonomyTerm

__all__ = [
    "Accessibility",
    "Address",
    "Area",
    "Attribute",
    "Contact",
    "CostOption",
    "Frequency",
    "HolidayHours",
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
    "ScheduleException",
    "SearchColumn",
    "SearchEntry",
    "SearchPosting",
    "SearchState",
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
