"""What is wrong with a workbook, in words: sheet, row, column as the reader's language calls them, and the fault.

A sheet, a column and a choice have two names, one for each language that a workbook may be written in; both are taken
when it is read (`domain/register/sheets.py`), and a fault calls them as the reader does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chalicelib.domain.register.cells import unparted
from chalicelib.domain.register.faults import Fault, Remark
from chalicelib.domain.register.labels import AREA_KINDS, LEVELS, TEAMS
from chalicelib.domain.register.retentions import SHEET as RETENTIONS
from chalicelib.domain.register.settlements import SHEET as SETTLEMENTS
from chalicelib.domain.register.sheets import SHEETS
from chalicelib.domain.register.snags import SHEET as SNAGS
from chalicelib.language import words
from chalicelib.language.catalogue import catalogue, word

SENTENCES: Mapping[str, str] = {
    # the workbook
    "unknown_sheet": "there is no sheet of this name",
    "sheet_twice": "the sheet is there twice",
    "no_heading": "the first row must hold the headings",
    "unknown_column": "the heading “{heading}” is not known",
    "column_twice": "the column is there twice",
    "column_missing": "the column is missing",
    "sheet_needed": "the sheet “{sheet}” is needed too",
    "nothing": "the file has no sheet to read",
    # a cell
    "needed": "must be filled in",
    "formula": "formulas are not taken; paste the value",
    "became_date": "the spreadsheet took it for a date; format it as text",
    "not_text": "text is wanted",
    "too_long": "is longer than {limit} characters",
    "control": "holds invisible control characters",
    "code": "a code has letters, digits and - . _, at most 40",
    "date": "is no date such as 2021-06-30",
    "phone": "is no phone number",
    "phone_extension": "give the number without its extension",
    "phone_area": "the area code is missing, as in 0571-88888888",
    "phone_hotline": "this is a hotline; somebody's own number is wanted",
    "phone_abroad": "numbers of this country are not taken",
    "lost_digits": "a long number was changed; format it as text",
    "email": "is no e-mail address",
    "choice": "must be one of: {choices}",
    "twice_in_cell": "names something twice",
    "duration": "is no duration such as 30m, 4h or 7d",
    "duty": "“{part}” is no duty such as daily 07:00-15:00",
    "duty_twice": "day {day} has two shifts; one a day",
    "duty_overlaps": "the night shift of day {day} overlaps the next day's",
    # rows among each other
    "code_twice": "the code “{code}” is already in {sheet} row {row}",
    "unit_twice": "the room is there twice in its entrance",
    "unknown_place": "no place has the code “{code}”",
    "instead_of_used": "only a place that is not used any more has another instead",
    "instead_itself": "a place can't be used instead of itself",
    "wrong_kind": "“{code}” can't be above it; {kinds} wanted",
    "loop": "“{code}” lies in itself",
    "other_project": "phase “{code}” is of another project",
    "entrance_needed": "the building has entrances; name one",
    "unknown_entrance": "the building has no entrance “{entrance}”",
    "code_needed": "entrance or room is not plain letters; give a code",
    "handed_before_accepted": "handed over before its acceptance ({accepted})",
    "stage_without_handover": "a stage after handover needs the handover date",
    "resident_twice": "the phone is there twice for the unit",
    "too_many_residents": "a unit has at most {limit} people",
    "staff_twice": "the code “{code}” is already in row {row}",
    "unknown_team": "no such team; there are {choices}",
    "team_elsewhere": "{team} belongs to {wanted}",
    "skill_missing": "somebody who repairs needs a skill",
    "duty_missing": "somebody active needs a duty roster",
    "no_desk": "“{code}” has nobody active on its {team}",
    "department_twice": "the department is there twice",
    "level_twice": "the level is there twice",
    "level_elsewhere": "{level} belongs to {wanted}",
    "no_contact": "“{code}” has no phone for {level}",
    "date_twice": "the date is there twice",
    "make_up_on_weekday": "a weekday needs no make-up",
    "off_on_weekend": "a week-end is off anyway and no holiday is beside it",
    "too_many_make_ups": "{year} has more make-up workdays than days off",
    "override_twice": "project, clock and priority are there twice",
    "bad_override": "{why}",
    "month": "is no month such as 2024-12",
    "count": "a whole number is wanted",
    "month_twice": "project, month and measure are there twice",
    "of_nothing": "of nothing nothing can be measured",
    "more_than_all": "more were satisfied than were asked",
    # a cell about contracts
    "money": "is no amount such as 12,500.00",
    "rate": "is no rate such as 3%",
    "tax_number": "a tax number has 18 digits and letters",
    "tax_check": "the last sign doesn't fit the others; check the number",
    "account": "is no account number: 8 to 32 digits",
    "term": "is no term such as 5 years, 24 months or 2 heating seasons",
    "days": "whole days are wanted",
    "priority_twice": "names a priority twice",
    "month_day": "is no day of the year such as 11-15",
    "rank": "a number from 1 to 9 is wanted",
    # companies, contracts and clauses among each other
    "twice": "“{code}” is there twice",
    "company_elsewhere": "“{code}” is stored as one of {sheet}",
    "unknown_company": "no company has the code “{code}”",
    "no_third_party": "“{code}” is no third-party repairer",
    "no_contractor": "“{code}” is no contractor",
    "contract_code_needed": "the number is not plain letters; give a code",
    "unknown_entity": "no entity has the code “{code}”",
    "entity_elsewhere": "entity “{code}” does not sign for project “{project}”",
    "unknown_contract": "no contract has the code “{code}”",
    "not_general": "“{code}” is no general contractor's contract",
    "lot_elsewhere": "“{code}” is no lot of the contract",
    "place_elsewhere": "“{code}” lies in no lot of the contract",
    "unknown_component": "no component, category or trade is called “{name}”",
    "term_short": "is below the legal minimum of {term} for {components}",
    "term_counted": "the law counts {term} for {components}; give the term so",
    "starts_early": "is before the acceptance of “{code}” ({accepted})",
    "unknown_department": "the project has no department “{name}”",
    "unknown_person": "nobody has the code “{code}”",
    "place_closed": "“{code}” is not used any more",
    "place_above": "“{code}” is no flat, common area or equipment",
    "project_elsewhere": "“{code}” lies in project “{project}”; a list is of one project",
    "photo_absent": "there is no photo “{name}”",
    "photo_large": "photo “{name}” has more than {limit} MB",
    "photo_none": "“{name}” is no photo that can be shown",
    "too_many_photos": "a row has at most {limit} photos",
    "too_many_rows": "a list has at most {limit} rows",
    # balances of retention
    "less_than_gone": "more was deducted and paid back than was withheld",
    "older_balance": "a later balance, of {on}, is known already",
    # settlements of finance
    "period": "is no accounting period such as 2026-03",
    "settled_twice": "the same voucher, deduction and source is already in row {row}",
    "posted_elsewhere": "{posted} lies in another period",
    "unknown_deduction": "the entity has no firm deduction “{code}”",
    "not_exported": "the deduction was not exported yet",
    "sealed_by_you": "whoever sealed its batch can't book its settlement; somebody else must",
    "recovered_too_much": "more than is left of the deduction: {fen}",
    "refunded_too_much": "more than is due: {fen}",
    "settled_otherwise": "the voucher is booked already with another amount, date or application",
    "settled_meanwhile": "was moved meanwhile; look at it and send the file again",
    "period_closed": "the period is closed",
    "period_not_open": "finance has not opened the period",
    "list_other": "list “{name}” was loaded with other rows; give this one another name",
    "two_cities": "“{code}” is already in row {row}",
    # what may be so, and somebody should look at
    "phone_shared": "the phone is also in {sheet} row {row}",
    "phone_of": "the phone is also that of {person}",
    "number_shared": "the same is also in {sheet} row {row}",
    "number_of": "the same is that of “{code}”",
    "nobody_receives": "“{code}” has nobody authorised to receive letters",
    "retention_high": "the retention is above {percent} % of the amount",
    "retention_beside": "a retention beside a performance bond or quality insurance",
    "retention_differs": "the retention is not the amount times its rate",
    "liability_long": "defect liability of more than {months} months",
    "no_clauses": "“{code}” has no clause; the warranty office decides in every case",
    "overlap": "{clauses} promise the same: {components}",
    "no_clause_for": "no clause for {components} of “{code}”",
    "owner_term_short": "is below the owner's {term} for {components}, which hold all the same",
}
PLACES = {"project": "a project", "subsidiary": "a subsidiary", "group": "the group"}
TERMS = {"": "{n} months", "heating": "{n} heating seasons", "cooling": "{n} cooling seasons"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LABELS: Mapping[str, Mapping[str, str]] = {"team": TEAMS, "level": LEVELS, "choices": TEAMS | AREA_KINDS}
NAMED = {sheet.name: sheet for sheet in (*SHEETS, SNAGS, SETTLEMENTS, RETENTIONS)}
COLUMNS = {(sheet.name, column.name): column for sheet in NAMED.values() for column in sheet.columns}


def explain_fault(fault: Fault, lang: str) -> str:
    """房产 第 12 行「交付日期」：不是有效日期 …; units row 12, handover: is no date …"""
    say = catalogue(lang).pgettext
    facts = {name: _detail(name, value, lang) for name, value in fault.details.items()}
    where = "{sheet}" + (" row {row}" if fault.row else "") + (", {column}" if fault.column else "")
    return say("workbook", f"{where}: {{fault}}").format(
        sheet=_sheet(fault.sheet, lang),
        row=fault.row,
        column=column_word(fault.sheet, fault.column, lang),
        fault=say("workbook", SENTENCES[fault.reason]).format_map(facts),
    )


def explain_remark(remark: Remark, lang: str) -> str:
    """What is said of a file as it stands: a.xls: an old workbook …"""
    say = catalogue(lang).pgettext
    what = say("workbook", remark.what).format_map(remark.facts)
    return say("workbook", "{sheet}: {fault}").format(sheet=remark.where, fault=what)


def _detail(name: str, value: object, lang: str) -> object:
    """A detail of a fault as it is called; what has no name but its own stays."""
    if name == "sheet":
        return _sheet(str(value), lang)
    if name == "wanted":
        return word("place", PLACES[str(value)], lang)
    if name == "components" and isinstance(value, Iterable):
        return words.listed((component_named(str(one), lang) for one in value), lang)
    if name == "term" and isinstance(value, tuple):
        return word("register", TERMS[value[1]], lang).format(n=value[0])
    if name == "day" and isinstance(value, int):
        return word("day", WEEKDAYS[value], lang)
    if isinstance(value, Mapping):  # the choices of a column: what is written → what it is called
        return words.listed((called(value, key, lang) for key in value), lang)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return words.listed((called(LABELS.get(name, {}), str(one), lang) for one in value), lang)
    return called(LABELS.get(name, {}), str(value), lang) if name in LABELS else value


def _sheet(name: str, lang: str) -> str:
    sheet = NAMED.get(name)
    return called({name: sheet.zh} if sheet else {}, name, lang)


def column_word(sheet: str, name: str, lang: str) -> str:
    """What a column of the workbook is called."""
    column = COLUMNS.get((sheet, name))
    return called({name: column.zh} if column else {}, name, lang)


def component_named(name: str, lang: str) -> str:
    """A component, or a whole category, as a cell names it."""
    category, _, part = name.partition("/")
    written = words.category_word(category, "zh_CN") + (f"/{words.component_word(part, 'zh_CN')}" if part else "")
    return called({name: unparted(written)}, name, lang)


def called(labels: Mapping[str, str], key: str, lang: str) -> str:
    """A workbook's own name of something: written in Chinese or, in every other language, by its key."""
    return {"zh_CN": labels.get(key, key)}.get(lang, key)
