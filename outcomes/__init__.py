"""Questionnaires, their scales, scores and change: for programmes now, for other work later."""
