"""What the clock has done: one row for each effect, so that none happens twice."""

from __future__ import annotations

from django.db import models


class ClockMark(models.Model):
    """The effect ``kind`` on an object at its ``due`` (ISO text) was made. Written in its transaction."""

    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    due = models.CharField(max_length=32)
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["done_at", "id"]
        constraints = [models.UniqueConstraint(fields=["object_id", "kind", "due"], name="clock_effect_once")]
