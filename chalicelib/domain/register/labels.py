"""What the choices of the workbook are called: value → its Chinese name. Both are taken."""

from __future__ import annotations

STAGES = {"before_handover": "准业主", "first_year": "磨合期", "settled": "稳定期", "over_five_years": "老业主"}
ROLES = {"owner": "业主", "family": "家属", "tenant": "租户"}
AREA_KINDS = {"area": "公共区域", "asset": "设备"}
TEAMS = {
    "desk": "物业客服",
    "engineering": "工程班",
    "building": "房修班",
    "desk2": "地产客服",
    "hotline": "集团400",
    "office": "保修办",
    "finance": "财务",
    "manager": "项目管理",
    "manager2": "公司管理",
    "management": "集团管理",
    "audit": "集团审计",
}
SKILLS = {
    "gas": "燃气",
    "lift": "电梯",
    "electrical": "电气",
    "plumbing": "给排水",
    "hvac": "暖通",
    "general": "综合",
    "waterproofing": "防水",
    "carpentry": "木作门窗",
    "masonry": "泥瓦",
}
LANGUAGES = {"zh_CN": "中文", "en": "英文"}
LEVELS = {"1": "物业客服", "2": "地产客服", "3": "集团400"}
HOLIDAYS = {"off": "休", "work": "班"}
PRIORITIES = {"emergency": "紧急", "urgent": "较急", "normal": "一般"}
COUNTS = {"always": "全天", "service": "服务时间", "office": "工作时间"}
CLOCKS = {
    "response": "响应",
    "dispatch": "派单",
    "acknowledge": "接单",
    "arrive": "到场",
    "resolve": "解决",
    "sign_off": "验收",
    "follow_up": "回访",
    "rectify": "整改",
    "recheck": "整改复验",
    "relay": "转办",
    "feedback": "答复",
    "result": "处理结果",
    "satisfaction": "满意确认",
    "decide": "保修办处理",
}
MEASURED = {
    "efficiency": "处理时长",
    "satisfaction": "满意",
    "complaints": "投诉",
    "cost": "每单费用",
    "trained": "培训考核",
}
