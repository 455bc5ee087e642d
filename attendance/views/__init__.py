"""The pages of registers."""

from attendance.views import care, keeping, marking, paper, registers, walking
from attendance.views.door import blueprint

__all__ = ["blueprint", "care", "keeping", "marking", "paper", "registers", "walking"]
