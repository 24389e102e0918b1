"""From the first safety question to a plan: the road of a newcomer.

Every page saves what it has before the next opens, so that the person can leave and come back.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from programs import catalogue
from rehab import clock
from rehab.edge.scopes import db, me
from rehab.models import Intake
from rehab.queries import country, current
from rehab.schemas import account as account_schemas
from rehab.services import intakes, plans, screenings
from rehab.web.patient import blueprint

HIP = {"loc_groin", "loc_inner_thigh", "loc_front_thigh", "loc_outer_hip"}
PELVIS = HIP | {"loc_pelvis_dimple", "loc_buttock"}
#: Safety questions are asked in groups, one group a page; the ids of the groups are the catalogue's.
GROUPS = {
    "cauda-equina": "Bladder, bowel and legs",
    "fracture": "Falls and bones",
    "infection": "Fever and infection",
    "cancer": "Your general health",
    "vascular": "Heart, vessels and belly",
    "inflammatory": "Stiffness",
    "states": "About you",
    "general": "How it is going",
}


@blueprint.route("/start/safety", methods=["GET", "POST"])
def safety() -> str | Response | tuple[str, int]:
    """The red-flag screen: before everything else, one page, "no to all of these" per group."""
    patient = me()
    groups = [(name, title, [q for q in catalogue.screening() if q.group == name and "intake" in q.ask])
              for name, title in GROUPS.items()]  # fmt: skip
    groups = [group for group in groups if group[2]]
    if request.method == "GET":
        return render_template("patient/start/safety.html", groups=groups, form={}, errors={})
    given = {q.id: request.form.get(q.id, "") for _, _, questions in groups for q in questions}
    missing = [q for _, _, questions in groups for q in questions if given[q.id] not in {"yes", "no", "alt", "skip"}]
    if missing:
        errors = {q.id: "Please answer this one, or choose skip." for q in missing}
        return render_template("patient/start/safety.html", groups=groups, form=request.form, errors=errors), 422
    first_time = current.screening(db(), patient) is None
    screening = screenings.record(db(), patient, moment="intake" if first_time else "worsening", answers=given, now=clock.now())
    db().commit()
    if screening.disposition == "none":
        return redirect(url_for("patient.find"), 303)
    return redirect(url_for("patient.safety_result"), 303)


@blueprint.route("/start/safety/result", methods=["GET", "POST"])
def safety_result() -> str | Response:
    """What the answers ask for now; reading it is recorded."""
    patient = me()
    screening = current.screening(db(), patient)
    if screening is None:
        return redirect(url_for("patient.safety"))
    if request.method == "POST":
        screenings.acknowledge(db(), screening, now=clock.now())
        db().commit()
        return redirect(url_for("patient.stopped" if patient.block == "all" else "patient.find"), 303)
    text = country.dispositions(patient.country).get(screening.disposition)
    questions = {q.id: q for q in catalogue.screening()}
    because = [questions[f["rule"]] for f in screening.findings if f["rule"] in questions]
    return render_template("patient/start/safety_result.html", screening=screening, text=text, because=because)


@blueprint.get("/start")
def find() -> str | Response:
    """Answer four minutes of questions, or pick from the list."""
    patient = me()
    if current.screening(db(), patient) is None:
        return redirect(url_for("patient.safety"))
    return render_template("patient/start/find.html", intake=current.intake(db(), patient), plan=current.plan(db(), patient))


@blueprint.route("/start/questions/<int:step>", methods=["GET", "POST"])
def questions(step: int) -> str | Response:
    """One question a page; skipping is fine, going back keeps the answers."""
    patient = me()
    intake = intakes.open_or_new(db(), patient, now=clock.now())
    db().commit()
    asked = _asked(intake)
    if not 1 <= step <= len(asked):
        abort(404)
    question = asked[step - 1]
    if request.method == "POST":
        intakes.save_answers(db(), intake, answers=_given(question))
        last = step >= len(_asked(intake))
        if last:
            intakes.finish(db(), patient, intake, now=clock.now())
        db().commit()
        return redirect(url_for("patient.results") if last else url_for("patient.questions", step=step + 1), 303)
    return render_template("patient/start/question.html", question=question, step=step, total=len(asked), intake=intake,
                           selected=intake.answers.get(question["id"], []))  # fmt: skip


@blueprint.get("/start/results")
def results() -> str | Response:
    """What the answers look most like, what could also be, and why."""
    intake = current.intake(db(), me())
    if intake is None or not intake.assessment:
        return redirect(url_for("patient.find"))
    return render_template("patient/start/results.html", assessment=intake.assessment, issues=catalogue.issues(),
                           factors=catalogue.factors(), words=_answer_words(), sources=catalogue.sources(),
                           texts=country.dispositions(me().country))  # fmt: skip


@blueprint.get("/issues")
def issues() -> str:
    """Every issue and factor of the catalogue, to pick from directly."""
    return render_template("patient/start/issues.html", issues=catalogue.issues().values(), factors=catalogue.factors().values())


@blueprint.get("/issues/<slug>")
def issue(slug: str) -> str:
    """One issue or factor: what it is, what helps, what to expect, when to see somebody, sources."""
    found = catalogue.issues().get(slug) or catalogue.factors().get(slug) or abort(404)
    return render_template("patient/start/issue.html", issue=found, is_issue=slug in catalogue.issues(), sources=catalogue.sources())


@blueprint.route("/start/plan/<slug>", methods=["GET", "POST"])
def choose(slug: str) -> str | Response | tuple[str, int]:
    """Look at the plan, choose days and a reminder time, and begin."""
    patient = me()
    found = catalogue.issues().get(slug) or catalogue.factors().get(slug) or abort(404)
    if current.screening(db(), patient) is None:
        return redirect(url_for("patient.safety"))
    if slug not in catalogue.programs() or patient.block == "all":
        return render_template("patient/start/no_plan.html", issue=found, patient=patient)
    built = plans.propose(db(), patient, slug, now=clock.now())
    if not built.phases:
        return render_template("patient/start/no_plan.html", issue=found, patient=patient)
    context: dict[str, Any] = {
        "issue": found, "built": built, "exercises": catalogue.exercises(), "walks": catalogue.walk_plans(),
        "default_days": plans.DEFAULT_WEEKDAYS[built.phases[0].days_per_week], "patient": patient,
    }  # fmt: skip
    if request.method == "GET":
        return render_template("patient/start/plan.html", form={}, errors={}, **context)
    values, errors = account_schemas.Reminder().read(request.form)
    if errors:
        return render_template("patient/start/plan.html", form=request.form, errors=errors, **context), 422
    plans.start(db(), patient, slug, weekdays=values["weekdays"], made_by=current_user.account, now=clock.now())
    patient.reminder_time = values["reminder_time"]
    patient.remind_by_email, patient.remind_by_push = bool(values["remind_by_email"]), bool(values["remind_by_push"])
    db().commit()
    flash("Your plan is ready.", "success")
    return redirect(url_for("patient.safety_net"), 303)


@blueprint.get("/start/safety-net")
def safety_net() -> str:
    """The five signs everybody should know, shown once after the plan is made."""
    return render_template("patient/start/safety_net.html", numbers=country.numbers(me().country))


def _asked(intake: Intake) -> list[dict[str, Any]]:
    """The questions that apply so far, in order, then the health flags as one page."""
    places = set(intake.answers.get("q_loc", ()))
    shown: list[dict[str, Any]] = []
    for question in catalogue.questions():
        needed = {"hip": HIP, "hip_or_pelvis": PELVIS}.get(question.condition or "")
        if needed is not None and not needed & places:
            continue
        answers = list(question.answers.items())
        if question.id == "q_dx":
            answers = [(i.slug, i.name) for i in catalogue.issues().values()]
        multiple = question.kind == "multi"
        shown.append({"id": question.id, "text": question.text, "answers": answers, "multiple": multiple})
    flags = [(flag.id, flag.statement) for flag in catalogue.user_flags()]
    shown.append({"id": "user_flags", "text": "Does any of this apply to you?", "answers": flags, "multiple": True})
    return shown


def _given(question: dict[str, Any]) -> dict[str, list[str]]:
    given = request.form.getlist(question["id"])
    return {question["id"]: given if question["multiple"] else given[:1]}


def _answer_words() -> dict[str, str]:
    return {answer: words for question in catalogue.questions() for answer, words in question.answers.items()}
