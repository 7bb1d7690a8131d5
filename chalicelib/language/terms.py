"""The words of the trade in English, by their keys. `words.py` says them in the reader's language."""

from __future__ import annotations

from chalicelib.domain.record import roles

STATES = {
    "reported": "To be dispatched",
    "assigned": "To be acknowledged",
    "acknowledged": "Acknowledged",
    "scheduled": "Appointment made",
    "on_site": "Work in progress",
    "waiting": "Waiting",
    "completed": "To be signed off",
    "signed_off": "Signed off, to be followed up",
    "relayed": "With the department",
    "answered": "Answered",
    "result_written": "Result given",
    "closed": "Closed",
    "cancelled": "Cancelled",
    "waived": "Repair waived by the owner",
    "merged": "Merged",
}
ANSWERABLE = {"reported": "To be answered"}  # complaint, enquiry, suggestion: nobody is dispatched
KINDS = {
    "repair": "Repair",
    "complaint": "Complaint",
    "enquiry": "Enquiry",
    "suggestion": "Suggestion",
    "emergency": "Emergency",
    "patrol": "Patrol finding",
    "maintenance": "Planned maintenance",
}
PRIORITIES = {"emergency": "Emergency", "urgent": "Urgent", "normal": "Normal"}
ROLES = {role.value: row.word for role, row in roles.ROLES.items()}
LEVELS = {row.level: row.word for row in roles.ROLES.values() if row.level}
REPORTERS = {"owner": "Owner", "family": "Family", "tenant": "Tenant", "behalf": "On somebody's behalf"}
STAGES = {
    "before_handover": "Before handover",
    "first_year": "First year",
    "settled": "Settled",
    "over_five_years": "Over 5 years",
}
TEAMS = {
    "desk": "Property desk",
    "engineering": "Engineering team",
    "building": "Building repairs",
    "desk2": "Developer desk",
    "hotline": "Group hotline",
    "office": "Warranty office",
    "contractor": "Contractor",
    "workers": "Contractor's workers",
    "third_party": "Third-party repairer",
}
TERMS = {
    "waterproofing": "Waterproofing",
    "heating": "Heating",
    "cooling": "Cooling",
    "electrical": "Electrical installation",
    "plumbing": "Water supply and drains",
    "decoration": "Decoration",
}
TRADES = {
    "gas": "Gas",
    "lift": "Lifts",
    "electrical": "Electrics",
    "plumbing": "Plumbing",
    "hvac": "Heating and cooling",
    "general": "All trades",
    "waterproofing": "Waterproofing",
    "carpentry": "Woodwork, doors, windows",
    "masonry": "Masonry",
}
CATEGORIES = {
    "gas_smell": "Gas smell",
    "lift_trapped": "Trapped in a lift",
    "fire_smoke": "Smoke or fire",
    "burst_pipe": "Burst pipe",
    "water_leak": "Water leak",
    "plumbing": "Water supply and drains",
    "power_cut": "Power cut",
    "electrical": "Electrical",
    "lift": "Lift",
    "doors_windows": "Doors and windows",
    "walls_floors": "Walls, floors, ceilings",
    "heating_cooling": "Heating and cooling",
    "public_area": "Common areas and surroundings",
    "neighbours": "Noise and neighbours",
    "service": "Service and staff",
    "other": "Something else",
}
CLOCKS = {
    "response": "First contact",
    "dispatch": "Dispatch",
    "acknowledge": "Acknowledge",
    "arrive": "Arrive",
    "resolve": "Complete",
    "sign_off": "Sign-off",
    "follow_up": "Follow-up",
    "relay": "Hand to the department",
    "feedback": "First answer",
    "result": "Result of the complaint",
    "satisfaction": "Satisfied?",
    "wait": "Waits until",
}
PROMISES = {  # what the owner was promised: "We promised … by 16:30."
    "response": "to get in touch with you",
    "dispatch": "to send somebody",
    "arrive": "to come to you",
    "resolve": "to finish the work",
    "sign_off": "to have the work looked at and signed off",
    "follow_up": "to ask you whether it is really fixed",
    "relay": "to pass it to the department in charge",
    "feedback": "to give you a first answer",
    "result": "to give you a result",
    "satisfaction": "to hear from you whether it is settled",
}
PUBLIC = {"119": "Fire brigade", "120": "Ambulance", "110": "Police"}
PAUSES = {
    "owner_absent": "Nobody at home",
    "owner_asked": "Owner asked for later",
    "parts": "Parts on order",
    "other_trade": "Another trade comes first",
    "utility": "Utility company",
    "weather": "Weather",
    "agreed_plan": "Agreed plan",
}
CAUSES = {  # why a ticket was taken from whoever had it
    "assigned": "given to somebody else by the desk",
    "not_acknowledged": "not acknowledged in time",
    "place_changed": "the place was corrected",
}
SCORES = {"overall": "Overall", "speed": "Speed of response", "thoroughness": "Thoroughness", "manners": "Manners"}
COMPONENTS = {
    "pipe": "Pipe",
    "meter": "Meter",
    "cooker": "Cooker",
    "cabin": "Cabin",
    "socket": "Socket",
    "distribution_box": "Distribution box",
    "appliance": "Appliance",
    "supply_pipe": "Supply pipe",
    "riser": "Riser",
    "heating_pipe": "Heating pipe",
    "bathroom": "Bathroom",
    "kitchen": "Kitchen",
    "balcony": "Balcony",
    "roof": "Roof",
    "outer_wall": "Outer wall",
    "window": "Window",
    "basement": "Basement",
    "tap": "Tap",
    "toilet": "Toilet",
    "floor_drain": "Floor drain",
    "drain_pipe": "Drain pipe",
    "switch": "Switch",
    "light": "Light",
    "intercom": "Intercom",
    "wiring": "Wiring",
    "door": "Door",
    "call_button": "Call button",
    "entrance_door": "Entrance door",
    "inner_door": "Inner door",
    "lock": "Lock",
    "glass": "Glass",
    "wall": "Wall",
    "floor": "Floor",
    "ceiling": "Ceiling",
    "tile": "Tile",
    "floor_heating": "Floor heating",
    "radiator": "Radiator",
    "air_conditioner": "Air conditioner",
    "fresh_air": "Fresh-air system",
    "lobby": "Lobby",
    "corridor": "Corridor",
    "garage": "Garage",
    "garden": "Garden",
    "gate": "Gate",
}
