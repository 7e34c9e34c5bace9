"""What organizations are told: the outbox is written with the act, the delivery comes later."""
