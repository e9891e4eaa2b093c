"""Starts MiniStack with queues that wake their functions at once and side by side, as at AWS.

By itself it looks at idle queues once a second, and at one after the other: while a function runs, the others wait.
"""

import logging
import threading
import time

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.services import lambda_svc

LOOK_SECONDS = 0.1

all_mappings = lambda_svc._iter_all_esms
mine = threading.local()


def mappings():
    """The event source mapping of the thread that asks; of any other thread, all of them."""
    only = getattr(mine, "uuid", None)
    return [one for one in all_mappings() if only is None or one[2]["UUID"] == only]


def poll_queue(uuid):
    """Gathers what comes in a tenth of a second, for one function; ends with its mapping."""
    mine.uuid = uuid
    while mappings():
        try:
            lambda_svc._poll_sqs()
        except Exception:
            logging.getLogger("lambda").exception("the queue of %s could not be polled", uuid)
        time.sleep(LOOK_SECONDS)


def poll_queues():
    """In place of MiniStack's loop, which also looks at streams: Drydock has none."""
    pollers = {}
    while True:
        for _, _, mapping in all_mappings():
            uuid = mapping["UUID"]
            if uuid not in pollers or not pollers[uuid].is_alive():
                pollers[uuid] = threading.Thread(target=poll_queue, args=(uuid,), daemon=True)
                pollers[uuid].start()
        time.sleep(LOOK_SECONDS)


lambda_svc._iter_all_esms = mappings
lambda_svc._poll_loop = poll_queues
# How long an answer waits for lines that its function may have logged: first line, silence after one, at most.
lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (0.005, 0.002, 0.25)
main()
