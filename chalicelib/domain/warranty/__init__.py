"""Who answers for a fault by dates and by inspection; how its periods are counted."""

from chalicelib.domain.time.periods import period_end, season_end

__all__ = ["period_end", "season_end"]
