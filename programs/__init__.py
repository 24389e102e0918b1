"""The clinical brain: pure Python, standard library only, facts as data.

Five verbs, always called as ``module.verb``: ``triage.assess``, ``planning.build``,
``progression.decide``, ``adherence.measure``, ``trends.detect``. No clock, no randomness, no
I/O except loading its own data once.
"""
