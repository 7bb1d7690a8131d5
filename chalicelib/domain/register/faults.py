"""What can be wrong with a register, and how it is said: sheet, row, column, fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.register.sheets import SHEETS

WORDS: Mapping[str, tuple[str, str]] = {
    # the workbook
    "unknown_sheet": ("没有叫这个名字的工作表", "there is no sheet of this name"),
    "sheet_twice": ("工作表出现了两次", "the sheet is there twice"),
    "no_heading": ("第一行应为列名", "the first row must hold the headings"),
    "unknown_column": ("列名“{heading}”无法识别", "the heading {heading!r} is not known"),
    "column_twice": ("该列出现了两次", "the column is there twice"),
    "column_missing": ("缺少该列", "the column is missing"),
    "sheet_needed": ("还需要工作表“{sheet}”", "the sheet {sheet!r} is needed too"),
    "nothing": ("文件中没有可读取的工作表", "the file has no sheet to read"),
    # a cell
    "needed": ("必填", "must be filled in"),
    "formula": ("不接受公式，请粘贴为数值", "formulas are not taken; paste the value"),
    "became_date": ("被表格软件当成了日期，请设为文本格式", "the spreadsheet took it for a date; format it as text"),
    "not_text": ("应为文字", "text is wanted"),
    "too_long": ("超过 {limit} 个字", "is longer than {limit} characters"),
    "control": ("含有不可见的控制字符", "holds invisible control characters"),
    "code": ("编码只能用字母、数字和 - . _，最多 40 位", "a code has letters, digits and - . _, at most 40"),
    "date": ("不是有效日期，应如 2021-06-30", "is no date such as 2021-06-30"),
    "phone": ("电话号码格式不对", "is no phone number"),
    "phone_extension": ("请去掉分机号", "give the number without its extension"),
    "phone_area": ("座机须带区号，如 0571-88888888", "the area code is missing, as in 0571-88888888"),
    "phone_hotline": ("这是服务热线，请填本人的号码", "this is a hotline; somebody's own number is wanted"),
    "phone_abroad": ("不接受该国家或地区的号码", "numbers of this country are not taken"),
    "lost_digits": (
        "数字过长已被表格软件改写，请设为文本格式重填",
        "a long number was changed; format it as text",
    ),
    "email": ("邮箱格式不对", "is no e-mail address"),
    "choice": ("只能填：{choices}", "must be one of: {choices}"),
    "twice_in_cell": ("同一格中有重复", "names something twice"),
    "duration": ("时长应如 30分钟、4小时、7天", "is no duration such as 30m, 4h or 7d"),
    "duty": ("看不懂“{part}”，应如 每天 07:00-15:00", "{part!r} is no duty such as daily 07:00-15:00"),
    "duty_twice": ("周{day}排了两个班，每天只能一个", "day {day} has two shifts; one a day"),
    "duty_overlaps": ("周{day}的夜班与次日的班重叠", "the night shift of day {day} overlaps the next day's"),
    # rows among each other
    "code_twice": ("编码“{code}”与{sheet}第 {row} 行重复", "the code {code!r} is already in {sheet} row {row}"),
    "unit_twice": ("同一楼栋单元的房号重复", "the room is there twice in its entrance"),
    "unknown_place": ("找不到编码“{code}”", "no place has the code {code!r}"),
    "wrong_kind": ("“{code}”不能作为上级，应为{kinds}", "{code!r} can't be above it; {kinds} wanted"),
    "loop": ("“{code}”在自己里面", "{code!r} lies in itself"),
    "other_project": ("标段“{code}”不属于该项目", "phase {code!r} is of another project"),
    "entrance_needed": ("该楼栋分单元，须填单元", "the building has entrances; name one"),
    "unknown_entrance": ("楼栋没有单元“{entrance}”", "the building has no entrance {entrance!r}"),
    "code_needed": ("单元或房号含中文，须另填编码", "entrance or room is not plain letters; give a code"),
    "handed_before_accepted": ("交付早于竣工验收（{accepted}）", "handed over before its acceptance ({accepted})"),
    "stage_without_handover": ("填了交付后的阶段却没有交付日期", "a stage after handover needs the handover date"),
    "resident_twice": ("同一房产的同一电话重复", "the phone is there twice for the unit"),
    "too_many_residents": ("一套房产最多登记 {limit} 人", "a unit has at most {limit} people"),
    "staff_twice": ("工号“{code}”与第 {row} 行重复", "the code {code!r} is already in row {row}"),
    "unknown_team": ("没有这个班组，可填：{choices}", "no such team; there are {choices}"),
    "team_elsewhere": ("{team}应属于{wanted}", "{team} belongs to a {wanted}"),
    "skill_missing": ("在岗维修人员须填技能", "somebody who repairs needs a skill"),
    "duty_missing": ("在岗人员须填值班", "somebody active needs a duty roster"),
    "no_desk": ("“{code}”没有在岗的{team}", "{code!r} has nobody active on its {team}"),
    "level_twice": ("该层级的电话重复", "the level is there twice"),
    "level_elsewhere": ("{level}应属于{wanted}", "{level} belongs to a {wanted}"),
    "no_contact": ("“{code}”缺少{level}的受理电话", "{code!r} has no phone for {level}"),
    "date_twice": ("日期重复", "the date is there twice"),
    "make_up_on_weekday": ("周一至周五不需要调休", "a weekday needs no make-up"),
    "off_on_weekend": ("周末本来就休息，且不与假日相连", "a week-end is off anyway and no holiday is beside it"),
    "too_many_make_ups": ("{year} 年调休上班多于放假", "{year} has more make-up workdays than days off"),
    "override_twice": ("同一项目、时限、优先级重复", "project, clock and priority are there twice"),
    "bad_override": ("{why}", "{why}"),
}
_ZH = {sheet.name: sheet.zh for sheet in SHEETS}
_COLUMNS = {(sheet.name, column.name): column.zh for sheet in SHEETS for column in sheet.columns}
MOST = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` as the spreadsheet numbers it, 0 for the sheet as a whole; `column` its name, "" for the row as a whole."""

    sheet: str
    row: int
    column: str
    reason: str
    details: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str = "zh_CN") -> str:
        """房产 第 12 行「交付日期」：不是有效日期 …"""
        zh, en = WORDS[self.reason]
        if lang == "en":
            where = self.sheet + (f" row {self.row}" if self.row else "") + (f", {self.column}" if self.column else "")
            return f"{where}: {en.format_map(dict(self.details))}"
        column = _COLUMNS.get((self.sheet, self.column), self.column)
        where = f"{_ZH.get(self.sheet, self.sheet)}" + (f" 第 {self.row} 行" if self.row else "")
        return f"{where}{f'「{column}」' if column else ''}：{zh.format_map(dict(self.details))}"


class TooMany(Exception):
    """There are so many faults that reading on helps nobody."""
