"""How does the collector run for months? Start, jobs, their scheduler, and systemd."""
