"""The functions of the system, by name.

    api         all routes, behind API Gateway          chalicelib.web
    act, tell   readers of the table's stream           chalicelib.functions
    send        the message queue's consumer
    tick        called by the timer state machine
    sweep       every few minutes; reconcile nightly
    photo       each upload to the inbox bucket
"""

from chalice import Chalice

from chalicelib.functions.act import act
from chalicelib.functions.photo import photo
from chalicelib.functions.reconcile import reconcile
from chalicelib.functions.send import send
from chalicelib.functions.sweep import sweep
from chalicelib.functions.tell import tell
from chalicelib.functions.tick import tick
from chalicelib.web import routes

app = Chalice(app_name="baoxiu")
routes.register(app)

for function in (act, tell, send, tick, sweep, reconcile, photo):
    app.lambda_function(name=function.__name__)(function)
