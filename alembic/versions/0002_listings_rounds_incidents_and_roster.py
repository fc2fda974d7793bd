"""listings rounds incidents and roster."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import models.instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PROVED = (
    "workflow <> 'hazard' OR state <> 'closed' OR (closed_at IS NOT NULL AND evidence_count > 0 "
    "AND verified_by IS NOT NULL AND verified_by <> submitted_by AND closed_by <> verified_by "
    "AND closed_by <> submitted_by)"
)
DELISTED = (
    "workflow <> 'listing' OR state <> 'closed' OR (closed_at IS NOT NULL AND verified_by IS NOT NULL "
    "AND lister_org_id IS NOT NULL AND verified_by <> submitted_by AND closed_by <> submitted_by "
    "AND closed_by <> verified_by)"
)
ENDED = (
    "workflow <> 'incident' OR state <> 'closed' OR (closed_at IS NOT NULL AND submitted_by IS NOT NULL "
    "AND closed_by <> submitted_by)"
)
LEVELS = (
    "(workflow = 'hazard' AND level IN ('general', 'major')) "
    "OR (workflow = 'listing' AND level IN ('town', 'district', 'city', 'province')) "
    "OR (workflow = 'round' AND level IN ('town', 'district', 'city')) "
    "OR (workflow = 'incident' AND level IN ('general', 'larger', 'major', 'special')) "
    "OR (workflow = 'measure' AND level IN ('talk', 'bulletin', 'case_filing', 'warning_letter', 'closure'))"
)
CASES_BEFORE = {"closed_means_proved": PROVED, "level": "level IN ('general', 'major')"}
CASES = {
    "closed_means_proved": PROVED,
    "delisted_means_accepted": DELISTED,
    "ended_means_reported": ENDED,
    "level": LEVELS,
}
ACTS_BEFORE: dict[str, str] = {}
ACTS = {
    "proposed_by": "(deadline_id IS NULL) = (rung IS NULL)",
    "accepted_by_another": "outcome <> 'accepted' OR decided_by <> proposed_by",
}


def _recheck(batch_op: BatchOperations, table: str, *, before: dict[str, str], after: dict[str, str]) -> None:
    for name in before:
        if after.get(name) != before[name]:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    for name, check in after.items():
        if before.get(name) != check:
            batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(check))


def upgrade() -> None:
    """Go forward to 0002."""
    op.create_table(
        "penalties",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("enterprise_id", sa.String(length=32), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", models.instant.Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_penalties_amount")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["organisations.id"], name=op.f("fk_penalties_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalties")),
        sa.UniqueConstraint("document", name=op.f("uq_penalties_document")),
    )
    with op.batch_alter_table("penalties", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_penalties_enterprise_id_penalties_decided_on"), ["enterprise_id", "decided_on"], unique=False
        )

    op.create_table(
        "shifts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("org_id", sa.String(length=32), nullable=False),
        sa.Column("starts_at", models.instant.Instant(), nullable=False),
        sa.Column("ends_at", models.instant.Instant(), nullable=False),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("leader_id", sa.String(length=32), nullable=False),
        sa.Column("handed_over_at", models.instant.Instant(), nullable=True),
        sa.Column("handed_over_by", sa.String(length=32), nullable=True),
        sa.Column("hand_over_note", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", models.instant.Instant(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=32), nullable=True),
        sa.Column("planned_at", models.instant.Instant(), nullable=False),
        sa.Column("planned_by", sa.String(length=32), nullable=False),
        sa.Column("replanned_at", models.instant.Instant(), nullable=True),
        sa.Column("replanned_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "acknowledged_at IS NULL OR handed_over_at IS NOT NULL", name=op.f("ck_shifts_handed_over_first")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shifts_order")),
        sa.CheckConstraint("officer_id <> leader_id", name=op.f("ck_shifts_two_people")),
        sa.CheckConstraint("(replanned_at IS NULL) = (replanned_by IS NULL)", name=op.f("ck_shifts_replanned")),
        sa.ForeignKeyConstraint(["leader_id"], ["people.id"], name=op.f("fk_shifts_leader_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["people.id"], name=op.f("fk_shifts_officer_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_shifts_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("org_id", "starts_at", name=op.f("uq_shifts_org_id_starts_at")),
    )
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shifts_org_id_shifts_ends_at"), ["org_id", "ends_at"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_at", models.instant.Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("kind IN ('late', 'omitted', 'false', 'concealed')", name=op.f("ck_findings_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_findings_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_case_id"), ["case_id"], unique=False)

    op.create_table(
        "incident_reports",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("to_whom", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", models.instant.Instant(), nullable=False),
        sa.Column("confirmed_how", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("lacks", sa.Text(), nullable=False),
        sa.Column("entered_at", models.instant.Instant(), nullable=False),
        sa.Column("entered_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "kind IN ('unit', 'phone', 'written', 'upward', 'follow_up', 'final')",
            name=op.f("ck_incident_reports_kind"),
        ),
        sa.CheckConstraint("made_at <= entered_at", name=op.f("ck_incident_reports_made_before_entered")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incident_reports_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_incident_reports")),
    )
    op.create_table(
        "incidents",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("occurred_at", models.instant.Instant(), nullable=True),
        sa.Column("received_at", models.instant.Instant(), nullable=True),
        sa.Column("anchor_at", models.instant.Instant(), nullable=False),
        sa.Column("anchor_source", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("course", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("deaths", sa.Integer(), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=True),
        sa.Column("injured", sa.Integer(), nullable=True),
        sa.Column("trapped", sa.Integer(), nullable=True),
        sa.Column("evacuated", sa.Integer(), nullable=True),
        sa.Column("loss_fen", sa.BigInteger(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("trend", sa.Text(), nullable=True),
        sa.Column("leaders", sa.Text(), nullable=True),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.Column("stated_level", sa.String(length=16), nullable=True),
        sa.Column("level_reason", sa.Text(), nullable=True),
        sa.Column("informant", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", models.instant.Instant(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=32), nullable=True),
        sa.Column("concluded_at", models.instant.Instant(), nullable=True),
        sa.CheckConstraint("kind IN ('work', 'fire', 'traffic', 'natural', 'other')", name=op.f("ck_incidents_kind")),
        sa.CheckConstraint(
            "coalesce(deaths, 0) >= 0 AND coalesce(missing, 0) >= 0 AND coalesce(injured, 0) >= 0 "
            "AND coalesce(trapped, 0) >= 0 AND coalesce(evacuated, 0) >= 0 AND coalesce(loss_fen, 0) >= 0",
            name=op.f("ck_incidents_figures"),
        ),
        sa.CheckConstraint(
            "stated_level IN ('general', 'larger', 'major', 'special')", name=op.f("ck_incidents_stated_level")
        ),
        sa.CheckConstraint("occurred_at IS NOT NULL OR received_at IS NOT NULL", name=op.f("ck_incidents_dated")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incidents_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_incidents")),
    )
    op.create_table(
        "listings",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=True),
        sa.Column("notice_number", sa.String(length=64), nullable=True),
        sa.Column("listed_at", models.instant.Instant(), nullable=True),
        sa.Column("listed_by", sa.String(length=32), nullable=True),
        sa.Column("responsibility", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("funds", sa.Text(), nullable=True),
        sa.Column("time_limit", sa.Text(), nullable=True),
        sa.Column("contingency", sa.Text(), nullable=True),
        sa.Column("recorded_at", models.instant.Instant(), nullable=True),
        sa.Column("recorded_with", sa.String(length=200), nullable=True),
        sa.Column("published_at", models.instant.Instant(), nullable=True),
        sa.Column("published_where", sa.String(length=200), nullable=True),
        sa.Column("department_accepted_at", models.instant.Instant(), nullable=True),
        sa.Column("department_accepted_by", sa.String(length=32), nullable=True),
        sa.Column("district_accepted_at", models.instant.Instant(), nullable=True),
        sa.Column("district_accepted_by", sa.String(length=32), nullable=True),
        sa.Column("delisting_published_at", models.instant.Instant(), nullable=True),
        sa.Column("delisting_published_where", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(department_accepted_at IS NULL) = (department_accepted_by IS NULL)", name=op.f("ck_listings_department")
        ),
        sa.CheckConstraint(
            "(district_accepted_at IS NULL) = (district_accepted_by IS NULL)", name=op.f("ck_listings_district")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_listings_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_listings")),
        sa.UniqueConstraint("notice_number", name=op.f("uq_listings_notice_number")),
    )
    op.create_table(
        "rounds",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("district_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("frozen_at", models.instant.Instant(), nullable=True),
        sa.Column("frozen_by", sa.String(length=32), nullable=True),
        sa.Column("approved_at", models.instant.Instant(), nullable=True),
        sa.Column("approved_by", sa.String(length=32), nullable=True),
        sa.Column("published_at", models.instant.Instant(), nullable=True),
        sa.Column("published_where", sa.Text(), nullable=True),
        sa.Column("bulletin", sa.Text(), nullable=True),
        sa.Column("settled_at", models.instant.Instant(), nullable=True),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "published_at IS NULL OR approved_at IS NOT NULL", name=op.f("ck_rounds_approved_before_published")
        ),
        sa.CheckConstraint("approved_by <> frozen_by", name=op.f("ck_rounds_approved_by_another")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rounds_case_id")),
        sa.ForeignKeyConstraint(["district_id"], ["organisations.id"], name=op.f("fk_rounds_district_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("district_id", "number", name=op.f("uq_rounds_district_id_number")),
    )
    op.create_table(
        "swaps",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("shift_id", sa.String(length=32), nullable=False),
        sa.Column("post", sa.String(length=8), nullable=False),
        sa.Column("from_id", sa.String(length=32), nullable=False),
        sa.Column("to_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", models.instant.Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=9), nullable=True),
        sa.Column("decided_at", models.instant.Instant(), nullable=True),
        sa.CheckConstraint("outcome IN ('agreed', 'declined', 'withdrawn')", name=op.f("ck_swaps_outcome")),
        sa.CheckConstraint("post IN ('officer', 'leader')", name=op.f("ck_swaps_post")),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_swaps_decided")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_swaps_two_people")),
        sa.ForeignKeyConstraint(["from_id"], ["people.id"], name=op.f("fk_swaps_from_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_swaps_shift_id")),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_swaps_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swaps")),
    )
    with op.batch_alter_table("swaps", schema=None) as batch_op:
        batch_op.create_index(
            "uq_swaps_open",
            ["shift_id", "post"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "round_items",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("hazard_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("consecutive", sa.Integer(), nullable=False),
        sa.Column("added_at", models.instant.Instant(), nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=False),
        sa.Column("public_text", sa.Text(), nullable=True),
        sa.Column("withheld", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("settled_at", models.instant.Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("money_fen", sa.BigInteger(), nullable=True),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('rectified', 'withdrawn', 'escalated', 'carried_over', 'dropped')",
            name=op.f("ck_round_items_outcome"),
        ),
        sa.CheckConstraint(
            "source IN ('overdue', 'rejected', 'proposed', 'hand', 'carried')", name=op.f("ck_round_items_source")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_round_items_settled")),
        sa.CheckConstraint("consecutive >= 1", name=op.f("ck_round_items_consecutive")),
        sa.ForeignKeyConstraint(["hazard_id"], ["cases.id"], name=op.f("fk_round_items_hazard_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.case_id"], name=op.f("fk_round_items_round_id")),
        sa.PrimaryKeyConstraint("round_id", "hazard_id", name=op.f("pk_round_items")),
    )
    with op.batch_alter_table("round_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_items_hazard_id"), ["hazard_id"], unique=False)
        batch_op.create_index(
            "uq_round_items_open",
            ["hazard_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "measures",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("act_id", sa.String(length=32), nullable=True),
        sa.Column("about_id", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("carried_out_at", models.instant.Instant(), nullable=True),
        sa.Column("carried_out_by", sa.String(length=32), nullable=True),
        sa.Column("attended", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("replied_at", models.instant.Instant(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.CheckConstraint("(carried_out_at IS NULL) = (carried_out_by IS NULL)", name=op.f("ck_measures_carried_out")),
        sa.CheckConstraint(
            "replied_at IS NULL OR replied_at >= carried_out_at", name=op.f("ck_measures_replied_since")
        ),
        sa.ForeignKeyConstraint(["about_id"], ["cases.id"], name=op.f("fk_measures_about_id")),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_measures_act_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_measures_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_measures")),
        sa.UniqueConstraint("act_id", name=op.f("uq_measures_act_id")),
    )
    with op.batch_alter_table("measures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measures_about_id"), ["about_id"], unique=False)

    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("basis", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("led_to", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("proposed_by", sa.String(length=32), nullable=True))
        batch_op.alter_column("deadline_id", existing_type=sa.VARCHAR(length=32), nullable=True)
        batch_op.alter_column("move", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("rung", existing_type=sa.VARCHAR(length=16), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_acts_led_to"), "cases", ["led_to"], ["id"])
        _recheck(batch_op, "acts", before=ACTS_BEFORE, after=ACTS)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lister_org_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("sponsor_id", sa.String(length=32), nullable=True))
        batch_op.alter_column(
            "level", existing_type=sa.VARCHAR(length=8), type_=sa.String(length=16), existing_nullable=False
        )
        batch_op.create_index(
            "ix_cases_others",
            ["workflow", "id"],
            unique=False,
            sqlite_where=sa.text("workflow <> 'hazard'"),
            postgresql_where=sa.text("workflow <> 'hazard'"),
        )
        batch_op.create_index(
            batch_op.f("ix_cases_lister_org_id_cases_id"),
            ["lister_org_id", "id"],
            unique=False,
            sqlite_where=sa.text("lister_org_id IS NOT NULL"),
            postgresql_where=sa.text("lister_org_id IS NOT NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_cases_lister_org_id"), "organisations", ["lister_org_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_cases_sponsor_id"), "people", ["sponsor_id"], ["id"])
        _recheck(batch_op, "cases", before=CASES_BEFORE, after=CASES)

    with op.batch_alter_table("hazards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withheld", sa.Text(), nullable=True))

    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counted_at", models.instant.Instant(), nullable=True))
    op.execute("UPDATE deadlines SET counted_at = first_due_at WHERE amount IS NOT NULL")


def downgrade() -> None:
    """Go back to 0001, which knows hazards only: refused while there is anything else."""
    others = op.get_bind().scalar(sa.text("SELECT count(*) FROM cases WHERE workflow <> 'hazard'"))
    unclocked = op.get_bind().scalar(sa.text("SELECT count(*) FROM acts WHERE deadline_id IS NULL"))
    if others or unclocked:
        raise RuntimeError(f"{others} cases and {unclocked} acts would be lost")
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.drop_column("counted_at")

    with op.batch_alter_table("hazards", schema=None) as batch_op:
        batch_op.drop_column("withheld")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        _recheck(batch_op, "cases", before=CASES, after=CASES_BEFORE)
        batch_op.drop_constraint(batch_op.f("fk_cases_sponsor_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_cases_lister_org_id"), type_="foreignkey")
        batch_op.drop_index("ix_cases_others")
        batch_op.drop_index(
            batch_op.f("ix_cases_lister_org_id_cases_id"),
            sqlite_where=sa.text("lister_org_id IS NOT NULL"),
            postgresql_where=sa.text("lister_org_id IS NOT NULL"),
        )
        batch_op.alter_column(
            "level", existing_type=sa.String(length=16), type_=sa.VARCHAR(length=8), existing_nullable=False
        )
        batch_op.drop_column("sponsor_id")
        batch_op.drop_column("lister_org_id")

    with op.batch_alter_table("acts", schema=None) as batch_op:
        _recheck(batch_op, "acts", before=ACTS, after=ACTS_BEFORE)
        batch_op.drop_constraint(batch_op.f("fk_acts_led_to"), type_="foreignkey")
        batch_op.alter_column("rung", existing_type=sa.VARCHAR(length=16), nullable=False)
        batch_op.alter_column("move", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("deadline_id", existing_type=sa.VARCHAR(length=32), nullable=False)
        batch_op.drop_column("proposed_by")
        batch_op.drop_column("led_to")
        batch_op.drop_column("basis")

    with op.batch_alter_table("measures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measures_about_id"))

    op.drop_table("measures")
    with op.batch_alter_table("round_items", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_round_items_open", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_round_items_hazard_id"))

    op.drop_table("round_items")
    with op.batch_alter_table("swaps", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_swaps_open", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )

    op.drop_table("swaps")
    op.drop_table("rounds")
    op.drop_table("listings")
    op.drop_table("incidents")
    op.drop_table("incident_reports")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_case_id"))

    op.drop_table("findings")
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shifts_org_id_shifts_ends_at"))

    op.drop_table("shifts")
    with op.batch_alter_table("penalties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_penalties_enterprise_id_penalties_decided_on"))

    op.drop_table("penalties")
