"""Settings of the property tests: no deadline, for the machine may be busy."""

from hypothesis import settings

settings.register_profile("busy machine", deadline=None, max_examples=60)
settings.load_profile("busy machine")
