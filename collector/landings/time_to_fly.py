"""When does an aircraft on its approach touch down? After the flight to the runway, which takes
longer if it comes too fast, too high, or from another direction, or is led round."""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.landings.fields import FT_PER_NM_AT_3_DEG, Bearing, final_s
from collector.landings.rules import LandingRules
from collector.tracking import Fix


def touchdown_after(
    passed: tuple[datetime, datetime], fix: Fix, bearing: Bearing, rules: LandingRules
) -> tuple[datetime, datetime]:
    """Return the earliest and the latest touchdown after a fix in flight that lies so relative to
    the field, and where the aircraft was between the two times `passed`."""
    straight = 1.02 * final_s(bearing, fix.ground_speed_kt, rules)
    height_ft = bearing.height_ft or 0.0
    lined_up = bearing.offset_nm is not None and bearing.offset_nm <= rules.lined_up_nm
    sinks_ft_per_s = rules.descent_ft_per_s
    if lined_up:  # It comes straight in, and as steeply as it says.
        sinks_ft_per_s = max(sinks_ft_per_s, -(fix.vertical_rate_fpm or 0.0) / 60.0)
    seconds = max(straight, height_ft / sinks_ft_per_s)
    # An altitude may be too high: without that error there is less to lose.
    lower_s = (height_ft - fix.altitude_error_ft) / sinks_ft_per_s
    least_s = straight if lined_up else max(straight, lower_s)
    off_course = bearing.off_course_deg or 0.0
    slack_s = rules.unheard_slack_s + rules.unheard_slack_share * seconds
    slack_s += rules.long_final_slack_share * max(0.0, seconds - rules.long_final_s)
    slack_s += rules.off_course_slack_s if off_course > rules.off_course_deg else 0.0
    led_s = rules.led_round_late_s * min(1.0, max(0.0, seconds / rules.led_round_after_s - 1.0))
    late_s = max(led_s, rules.hasty_late_s if _hasty(fix, bearing, rules) else 0.0)
    flown, slack = timedelta(seconds=seconds), timedelta(seconds=slack_s)
    earliest = max(passed[0], passed[0] + timedelta(seconds=least_s) - slack)
    return earliest, passed[1] + flown + slack + timedelta(seconds=late_s)


def _hasty(fix: Fix, bearing: Bearing, rules: LandingRules) -> bool:
    """Return whether the aircraft was too fast or too high for a straight-in approach from
    there."""
    if bearing.distance_nm > rules.hasty_nm:
        return False
    steep_ft = FT_PER_NM_AT_3_DEG * bearing.distance_nm
    fast = fix.ground_speed_kt is not None and fix.ground_speed_kt >= rules.hasty_kt
    return fast or (bearing.height_ft or 0.0) > steep_ft + rules.hasty_above_ft
