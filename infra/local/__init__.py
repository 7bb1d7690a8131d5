"""The whole system on one machine: emulator, deployment, front server, mailbox, simulated time."""
