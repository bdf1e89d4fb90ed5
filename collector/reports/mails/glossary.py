"""What do the grades mean? One line at the end of a mail sums up `docs/landing-rules.md`."""

GRADES = (
    "Grades: confirmed = heard slow on the ground at that airfield; probable = heard on the ground "
    "at most once, but the evidence strongly favours that airfield; possible = weaker evidence, "
    "not counted; undetermined = it landed, but at which of several airfields is not known."
)
