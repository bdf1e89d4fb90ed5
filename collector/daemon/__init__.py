"""How does the collector run for months? Start, scheduler, jobs, and what systemd is told."""
