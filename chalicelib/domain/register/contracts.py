"""The sheets of contracts and their clauses: every reference resolved, each clause held against the law and the others.

A contract that is listed without the sheet of clauses keeps those that are stored; one whose clauses are listed has
these and no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib.domain.contractor.contract import NAMED, Clause, Contract, ContractKind, Entity, Scope, Starts
from chalicelib.domain.register import lawful
from chalicelib.domain.register.cells import CODE
from chalicelib.domain.register.place import Place
from chalicelib.domain.register.reader import Reader, Values

MOST_RETENTION = 300  # basis points: 3 % of the price, by the rules on quality retention of 2017
MOST_LIABILITY = 24  # months of defect liability, by the same


@dataclass(slots=True)
class Found:
    """The contracts of the file or of its clauses, and in which rows these and they stand."""

    contracts: dict[str, Contract] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)  # every code of the sheet, also of rows at fault
    clauses: dict[tuple[str, str], int] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)  # with a clause at fault: what the others cover is not known


def records(reader: Reader) -> Iterator[Contract]:
    """All contracts of the file, and stored ones of which it has the clauses."""
    found = Found()
    under = _contracts(reader, found)
    _check_under(reader, found, under)
    _clauses(reader, found)
    whole = {code: contract for code, contract in found.contracts.items() if code not in found.broken}
    lawful.check(reader, whole, found.rows, found.clauses)
    yield from found.contracts.values()


def _contracts(reader: Reader, found: Found) -> dict[str, int]:
    """Fills `found`; the rows of those that stand under another."""
    under: dict[str, int] = {}
    for row, values, sound in reader.lines("contracts"):
        code = values["code"] or (values["number"] if CODE.fullmatch(values["number"] or "") else "")
        if not code:
            if sound:
                reader.fault("contracts", row, "code", "contract_code_needed")
            continue
        if code in found.rows:
            reader.fault("contracts", row, "code", "code_twice", code=code, sheet="contracts", row=found.rows[code])
            continue
        found.rows[code] = row
        entity = _entity(reader, row, values["entity"]) if values["entity"] else None
        company = _contractor(reader, row, values["company"]) if values["company"] else ""
        lots = [reader.parent(lot, ("phase", "project"), "contracts", row, "lots") for lot in values["lots"] or ()]
        placed = [lot for lot in lots if lot]
        if not sound or entity is None or not company or len(placed) < len(lots):
            continue
        projects = tuple(sorted({_project(lot) for lot in placed}))
        if strangers := set(projects) - set(entity.projects):
            reader.fault("contracts", row, "entity", "entity_elsewhere", code=entity.id, project=min(strangers))
            continue
        contract = _made(code, values, projects)
        if not reader.has("clauses") and (stored := reader.known.contract(code)):
            contract = replace(contract, clauses=stored.clauses)
        found.contracts[code] = contract
        if contract.signed_with:
            under[code] = row
        _check_money(reader, row, contract)
    return under


def _made(code: str, values: Values, projects: tuple[str, ...]) -> Contract:
    amount, rate = values["amount"], values["retention_rate"] or 0
    retention = values["retention"] if values["retention"] is not None else (amount * rate + 5_000) // 10_000
    return Contract(
        id=code,
        number=values["number"],
        entity=values["entity"],
        company=values["company"],
        kind=ContractKind(values["kind"]),
        lots=values["lots"],
        projects=projects,
        signed=values["signed"],
        signed_with=values["signed_with"] or "",
        amount=amount,
        tax_rate=values["tax_rate"] or 0,
        retention_rate=rate,
        retention=retention,
        bond=values["bond"] or 0,
        quality_insurance=bool(values["quality_insurance"]),
        bought_out=bool(values["bought_out"]),
        defect_liability_months=values["defect_liability"] or 0,
    )


def _entity(reader: Reader, row: int, code: str) -> Entity | None:
    if code in reader.entities:
        return reader.entities[code]
    stored = reader.known.entity(code)
    if stored is None:
        reader.fault("contracts", row, "entity", "unknown_entity", code=code)
    return stored


def _contractor(reader: Reader, row: int, code: str) -> str:
    """The company's code if it is a contractor; else "", and a fault."""
    listed = reader.companies.get(code)
    stored = None if listed else reader.known.company(code)
    if not listed and not stored:
        reader.fault("contracts", row, "company", "unknown_company", code=code)
        return ""
    if listed[0] == "contractors" if listed else stored and stored.kind.value == "contractor":
        return code
    reader.fault("contracts", row, "company", "no_contractor", code=code)
    return ""


def _check_money(reader: Reader, row: int, contract: Contract) -> None:
    """What the rules on retention have, warned of only: the contract says what it says."""
    kept = contract.retention
    if kept * 10_000 > contract.amount * MOST_RETENTION:
        reader.remark("contracts", row, "retention", "retention_high", percent=MOST_RETENTION // 100)
    if kept and (contract.bond or contract.quality_insurance):
        reader.remark("contracts", row, "retention", "retention_beside")
    if contract.defect_liability_months > MOST_LIABILITY:
        reader.remark("contracts", row, "defect_liability", "liability_long", months=MOST_LIABILITY)
    if abs(kept * 10_000 - contract.amount * contract.retention_rate) >= 1_000_000 and contract.retention_rate:
        reader.remark("contracts", row, "retention", "retention_differs")


def _check_under(reader: Reader, found: Found, under: dict[str, int]) -> None:
    """A subcontract stands under a general contract that stands under none."""
    for code, row in under.items():
        above = found.contracts[code].signed_with
        general = found.contracts.get(above)
        if general is None and above in found.rows:
            continue  # its own row is at fault
        general = general or reader.known.contract(above)
        if general is None:
            reader.fault("contracts", row, "signed_with", "unknown_contract", code=above)
        elif general.kind is not ContractKind.GENERAL or general.id == code or general.signed_with:
            reader.fault("contracts", row, "signed_with", "not_general", code=above)


def _clauses(reader: Reader, found: Found) -> None:
    made: dict[str, list[Clause]] = {}
    for row, values, sound in reader.lines("clauses"):
        contract = _contract(reader, found, row, values["contract"]) if values["contract"] else None
        if contract is None:
            continue
        if not sound:
            found.broken.add(contract.id)
            continue
        if (contract.id, values["code"]) in found.clauses:
            found.broken.add(contract.id)
            at = found.clauses[contract.id, values["code"]]
            reader.fault("clauses", row, "code", "code_twice", code=values["code"], sheet="clauses", row=at)
            continue
        found.clauses[contract.id, values["code"]] = row
        scope = _scope(reader, row, values, contract)
        if scope is None:
            found.broken.add(contract.id)
        else:
            made.setdefault(contract.id, []).append(_clause(values, scope))
    for code, clauses in made.items():
        found.contracts[code] = replace(found.contracts[code], clauses=tuple(clauses))


def _contract(reader: Reader, found: Found, row: int, code: str) -> Contract | None:
    if code not in found.contracts and code not in found.rows:
        stored = reader.known.contract(code)
        if stored is None:
            reader.fault("clauses", row, "contract", "unknown_contract", code=code)
            return None
        found.contracts[code] = stored
    return found.contracts.get(code)


def _scope(reader: Reader, row: int, values: Values, contract: Contract) -> Scope | None:
    """What the clause is about; None, and a fault, where it names what there is not, or what is not the contract's."""
    before = len(reader.faults)
    for lot in values["lots"] or ():
        if lot not in contract.lots:
            reader.fault("clauses", row, "lots", "lot_elsewhere", code=lot)
    for code in values["places"] or ():
        place = reader.parent(code, NAMED, "clauses", row, "places")
        if place and not _lies_in(place, contract):
            reader.fault("clauses", row, "places", "place_elsewhere", code=code)
    components: set[str] = set()
    for name in values["components"] or ():
        meant = reader.components(name)
        if not meant:
            reader.fault("clauses", row, "components", "unknown_component", name=name)
        components.update(meant)
    if len(reader.faults) > before:
        return None
    trades = values["trades"] or frozenset()
    return Scope(values["lots"] or (), values["places"] or (), frozenset(components), trades)


def _lies_in(place: Place, contract: Contract) -> bool:
    """Whether a building is of one of the contract's lots; what is of no lot, whether it is of its projects."""
    lot = place.above.get("phase")
    return lot in contract.lots if lot else place.above.get("project") in contract.projects


def _clause(values: Values, scope: Scope) -> Clause:
    starts, term = values["starts"] or Starts.ACCEPTANCE, values["term"]
    return Clause(
        id=values["code"],
        scope=scope,
        text=values["text"],
        starts=Starts.DAY if isinstance(starts, date) else Starts(starts),
        starts_on=starts if isinstance(starts, date) else None,
        months=term.months,
        seasons=term.seasons,
        season=term.season,
        response=values["response"] or {},
        cure_days=values["cure"] or {},
        business_days=bool(values["business_days"]),
        fee_rate=values["fee_rate"] or 0,
        fee_cap=values["fee_cap"] or 0,
        penalty=values["penalty"] or 0,
        penalty_rate=values["penalty_rate"] or 0,
        cap=values["cap"] or 0,
        direct_engagement=bool(values["direct_engagement"]),
        silence_is_consent=bool(values["silence_is_consent"]),
        returned_counts=bool(values["returned_counts"]),
    )


def _project(lot: Place) -> str:
    return lot.id if lot.kind == "project" else lot.above["project"]
