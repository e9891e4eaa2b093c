"""Starts MiniStack with queues that wake their functions at once, as at AWS; by itself it looks at idle ones once a second."""

import logging
import time

from ministack.app import main
from ministack.services import lambda_svc


def poll_queues():
    """In place of MiniStack's loop, which also looks at streams: Drydock has none."""
    while True:
        try:
            was_busy = lambda_svc._poll_sqs()
        except Exception:
            logging.getLogger("lambda").exception("the queues could not be polled")
            was_busy = False
        if not was_busy:
            time.sleep(0.1)


lambda_svc._poll_loop = poll_queues
main()
