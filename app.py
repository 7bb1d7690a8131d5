"""The functions of the system, by name.

api         all routes, behind API Gateway          chalicelib.web
act, tell   readers of the table's stream           chalicelib.functions
send        the message queue's consumer          letter   that of letters to be made
export      the consumer of batches to be sealed and made
archive     nightly: facts as files for analysts
measure     nightly: figures of the months that run, moved or become final
tick        called by the timer state machine
sweep       every few minutes; reconcile nightly
photo       each upload to the inbox bucket
"""

import os

from chalice.app import Chalice

from chalicelib.web import routes

app = Chalice(app_name="baoxiu")
routes.register(app)


def name_functions() -> None:
    """Tell Chalice of the functions that are no routes, for packaging."""
    from chalicelib.functions.act import act
    from chalicelib.functions.archive import archive
    from chalicelib.functions.export import export
    from chalicelib.functions.letter import letter
    from chalicelib.functions.measure import measure
    from chalicelib.functions.photo import photo
    from chalicelib.functions.reconcile import reconcile
    from chalicelib.functions.send import send
    from chalicelib.functions.sweep import sweep
    from chalicelib.functions.tell import tell
    from chalicelib.functions.tick import tick

    for function in (act, tell, send, tick, sweep, reconcile, photo, letter, export, archive, measure):
        app.lambda_function(name=function.__name__)(function)


# In Lambda each of them has a handler of its own, and the routes need none: they would only slow the start.
if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
    name_functions()
