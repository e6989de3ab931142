"""What all floors stand on: what is wrong (``findings``), and the prose that advisors write (``prose``)."""
