"""Notes for people."""

from math import ceil

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue

from . import store
from .forms import EditForm
from .forms import NoteForm
from .forms import VersionedForm
from .forms import clean

bp = Blueprint(
    "notes_pages", __name__, url_prefix="/notes", template_folder="templates"
)

NOTE = f"/<int(max={store.MAX_ID}):id>"
PAGE_SIZE = 20


@bp.get("")
def index() -> str:
    """List notes, or those that contain the text that is searched for."""
    text = clean(request.args.get("q"))[:100]
    total = store.count(text)
    last = ceil(total / PAGE_SIZE) or 1
    page = min(max(request.args.get("page", 1, int), 1), last)
    notes = store.find(text, "-created", (page - 1) * PAGE_SIZE, PAGE_SIZE)
    return render_template(
        "notes/index.html", notes=notes, text=text, total=total, page=page, last=last
    )


@bp.get("/new")
def create() -> str:
    """Show the form for a new note."""
    return render_template("notes/edit.html", form=NoteForm())


@bp.post("/new")
def create_submit() -> ResponseReturnValue:
    """Create a note."""
    form = NoteForm(request.form)
    if not form.validate():
        return render_template("notes/edit.html", form=form), 422
    store.add(form.title.data, form.body.data)
    flash("The note was created.")
    return redirect(url_for(".index"), 303)


@bp.get(NOTE)
def edit(id: int) -> str:
    """Show a note, to read or to change."""
    note = store.get(id) or abort(404)
    return render_template("notes/edit.html", form=EditForm(obj=note), note=note)


@bp.post(NOTE)
def edit_submit(id: int) -> ResponseReturnValue:
    """Change a note, unless somebody else has since the form was opened."""
    form = EditForm(request.form)
    with store.locked(id) as note:
        if not form.validate():
            return render_template("notes/edit.html", form=form, note=note), 422
        if form.is_stale(note):
            page = render_template(
                "notes/edit.html", form=form, note=note, conflict=True
            )
            return page, 409
        store.change(note, form.title.data, form.body.data)
    flash("The note was changed.")
    return redirect(url_for(".index"), 303)


@bp.get(f"{NOTE}/delete")
def delete(id: int) -> str:
    """Ask before deleting a note."""
    note = store.get(id) or abort(404)
    return render_template("notes/delete.html", form=VersionedForm(obj=note), note=note)


@bp.post(f"{NOTE}/delete")
def delete_submit(id: int) -> ResponseReturnValue:
    """Delete a note, unless somebody has changed it since the form was opened."""
    form = VersionedForm(request.form)
    with store.locked(id) as note:
        if not form.validate():
            return render_template("notes/delete.html", form=form, note=note), 422
        if form.is_stale(note):
            page = render_template(
                "notes/delete.html", form=form, note=note, conflict=True
            )
            return page, 409
        store.remove(note)
    flash("The note was deleted.")
    return redirect(url_for(".index"), 303)
