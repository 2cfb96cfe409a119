"""What all tests share: how hypothesis searches."""

from hypothesis import HealthCheck, settings

# No deadline: the first example pays for imports, and shared machines stall. The same examples on every
# run, so that a failure in CI can be seen again; `--hypothesis-profile=explore` looks further.
settings.register_profile(
    "default-run", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("default-run")
