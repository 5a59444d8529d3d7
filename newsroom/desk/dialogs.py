"""Pages that may also stand in a dialog over another page: `openDialog` of the scripts asks them, a browser without
scripts opens them."""

from django.http import HttpResponseRedirect, JsonResponse


def lead_to(request, address):
    """Send somebody on to a page after something is done: a redirect, or for a dialog its address.

    A dialog asks for JSON, since a script that followed a redirect would use up the messages of the page it leads to.
    """
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"leads_to": address})
    return HttpResponseRedirect(address)
