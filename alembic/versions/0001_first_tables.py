"""first tables."""

import sqlalchemy as sa
from alembic import op

import models.instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward to 0001."""
    # SQLite has no sequences and counts in number_counter; Alembic's comparison leaves sequences out.
    if op.get_context().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("case_numbers")))
    op.create_table(
        "anchors",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", models.instant.Instant(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_anchors")),
    )
    op.create_table(
        "answered_requests",
        sa.Column("caller", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", models.instant.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_answered_requests")),
    )
    with op.batch_alter_table("answered_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answered_requests_created_at"), ["created_at"], unique=False)

    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_version")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("period_seconds", sa.Integer(), nullable=False),
        sa.Column("begun_at", models.instant.Instant(), nullable=False),
        sa.Column("finished_at", models.instant.Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "holiday_notices",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("off", sa.Text(), nullable=False),
        sa.Column("working", sa.Text(), nullable=False),
        sa.Column("entered_at", models.instant.Instant(), nullable=False),
        sa.Column("entered_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_holiday_notices")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", models.instant.Instant(), nullable=False),
        sa.Column("imported_by", sa.String(length=32), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imports_sha256"), ["sha256"], unique=False)

    op.create_table(
        "number_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_counter")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("district_id", sa.String(length=32), nullable=True),
        sa.Column("town_id", sa.String(length=32), nullable=True),
        sa.Column("village_id", sa.String(length=32), nullable=True),
        sa.Column("sector", sa.String(length=32), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("risk_colour", sa.String(length=8), nullable=True),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False),
        sa.Column("created_at", models.instant.Instant(), nullable=False),
        sa.CheckConstraint("credit_code IS NULL OR kind = 'enterprise'", name=op.f("ck_organisations_credit_code")),
        sa.CheckConstraint(
            "kind IN ('province', 'city', 'district', 'department', 'town', 'village', 'enterprise', 'agency')",
            name=op.f("ck_organisations_kind"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["organisations.id"], name=op.f("fk_organisations_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("code", name=op.f("uq_organisations_code")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_organisations_credit_code")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisations_district_id_organisations_kind"), ["district_id", "kind"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_organisations_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisations_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_organisations_town_id_organisations_kind"), ["town_id", "kind"], unique=False
        )

    op.create_table(
        "tallies",
        sa.Column("district_id", sa.String(length=32), nullable=False),
        sa.Column("town_id", sa.String(length=32), nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("overdue", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "district_id", "town_id", "sector", "month", "level", "state", "overdue", name=op.f("pk_tallies")
        ),
    )
    op.create_table(
        "tally_deltas",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.String(length=32), nullable=False),
        sa.Column("town_id", sa.String(length=32), nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_deltas")),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("org_id", sa.String(length=32), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("hint", sa.String(length=64), nullable=False),
        sa.Column("created_at", models.instant.Instant(), nullable=False),
        sa.Column("disabled_at", models.instant.Instant(), nullable=True),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("refilled_at", models.instant.Instant(), nullable=False),
        sa.Column("paused_until", models.instant.Instant(), nullable=True),
        sa.Column("failing_since", models.instant.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_channels_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
    )
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channels_org_id"), ["org_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("org_id", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("password_hash", sa.String(length=256), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", models.instant.Instant(), nullable=True),
        sa.Column("created_at", models.instant.Instant(), nullable=False),
        sa.Column("disabled_at", models.instant.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_people_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("login", name=op.f("uq_people_login")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_org_id"), ["org_id"], unique=False)

    op.create_table(
        "visits",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("enterprise_id", sa.String(length=32), nullable=True),
        sa.Column("visited_at", models.instant.Instant(), nullable=False),
        sa.Column("finder", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", models.instant.Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["organisations.id"], name=op.f("fk_visits_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("workflow", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("message_no", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("district_id", sa.String(length=32), nullable=False),
        sa.Column("town_id", sa.String(length=32), nullable=True),
        sa.Column("village_id", sa.String(length=32), nullable=True),
        sa.Column("enterprise_id", sa.String(length=32), nullable=True),
        sa.Column("responsible_org_id", sa.String(length=32), nullable=True),
        sa.Column("lead_org_id", sa.String(length=32), nullable=True),
        sa.Column("visit_id", sa.String(length=32), nullable=True),
        sa.Column("duplicate_of", sa.String(length=32), nullable=True),
        sa.Column("opened_at", models.instant.Instant(), nullable=False),
        sa.Column("opened_by", sa.String(length=32), nullable=False),
        sa.Column("opened_by_org", sa.String(length=32), nullable=False),
        sa.Column("assigned_at", models.instant.Instant(), nullable=True),
        sa.Column("submitted_at", models.instant.Instant(), nullable=True),
        sa.Column("submitted_by", sa.String(length=32), nullable=True),
        sa.Column("submitted_by_org", sa.String(length=32), nullable=True),
        sa.Column("submission_no", sa.Integer(), nullable=False),
        sa.Column("evidence_count", sa.Integer(), nullable=False),
        sa.Column("rejections", sa.Integer(), nullable=False),
        sa.Column("verified_at", models.instant.Instant(), nullable=True),
        sa.Column("verified_by", sa.String(length=32), nullable=True),
        sa.Column("verified_by_org", sa.String(length=32), nullable=True),
        sa.Column("second_officer", sa.String(length=32), nullable=True),
        sa.Column("signed_off_at", models.instant.Instant(), nullable=True),
        sa.Column("signed_off_by", sa.String(length=32), nullable=True),
        sa.Column("closed_at", models.instant.Instant(), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("extension_to", models.instant.Instant(), nullable=True),
        sa.Column("plan_at", models.instant.Instant(), nullable=True),
        sa.Column("next_due_at", models.instant.Instant(), nullable=True),
        sa.Column("overdue_since", models.instant.Instant(), nullable=True),
        sa.Column("import_id", sa.String(length=32), nullable=True),
        sa.Column("import_key", sa.String(length=64), nullable=True),
        sa.CheckConstraint("level IN ('general', 'major')", name=op.f("ck_cases_level")),
        sa.CheckConstraint(
            "workflow <> 'hazard' OR state <> 'closed' OR (closed_at IS NOT NULL AND evidence_count > 0 "
            "AND verified_by IS NOT NULL AND verified_by <> submitted_by AND closed_by <> verified_by "
            "AND closed_by <> submitted_by)",
            name=op.f("ck_cases_closed_means_proved"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["organisations.id"], name=op.f("fk_cases_district_id")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["cases.id"], name=op.f("fk_cases_duplicate_of")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["organisations.id"], name=op.f("fk_cases_enterprise_id")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_cases_import_id")),
        sa.ForeignKeyConstraint(["lead_org_id"], ["organisations.id"], name=op.f("fk_cases_lead_org_id")),
        sa.ForeignKeyConstraint(["responsible_org_id"], ["organisations.id"], name=op.f("fk_cases_responsible_org_id")),
        sa.ForeignKeyConstraint(["town_id"], ["organisations.id"], name=op.f("fk_cases_town_id")),
        sa.ForeignKeyConstraint(["village_id"], ["organisations.id"], name=op.f("fk_cases_village_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_cases_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("import_key", name=op.f("uq_cases_import_key")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_district_id_cases_id"), ["district_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cases_district_id_cases_next_due_at_cases_id"),
            ["district_id", "next_due_at", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_cases_duplicate_of"), ["duplicate_of"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_enterprise_id_cases_id"), ["enterprise_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cases_enterprise_id_cases_next_due_at_cases_id"),
            ["enterprise_id", "next_due_at", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_cases_lead_org_id_cases_id"), ["lead_org_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_opened_by_cases_id"), ["opened_by", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cases_responsible_org_id_cases_id"), ["responsible_org_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cases_town_id_cases_id"), ["town_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cases_town_id_cases_next_due_at_cases_id"), ["town_id", "next_due_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cases_village_id_cases_id"), ["village_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "credentials",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("created_at", models.instant.Instant(), nullable=False),
        sa.Column("expires_at", models.instant.Instant(), nullable=False),
        sa.Column("used_at", models.instant.Instant(), nullable=True),
        sa.Column("ended_at", models.instant.Instant(), nullable=True),
        sa.CheckConstraint("kind IN ('session', 'token', 'link')", name=op.f("ck_credentials_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_credentials_person_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_credentials")),
    )
    with op.batch_alter_table("credentials", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credentials_person_id"), ["person_id"], unique=False)

    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("org_id", sa.String(length=32), nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=True),
        sa.Column("granted_at", models.instant.Instant(), nullable=False),
        sa.Column("granted_by", sa.String(length=32), nullable=True),
        sa.Column("revoked_at", models.instant.Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "role IN ('inspector', 'dispatcher', 'supervisor', 'duty_officer', 'leader', 'administrator')",
            name=op.f("ck_grants_role"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_grants_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_grants_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grants_org_id_grants_role"), ["org_id", "role"], unique=False)
        batch_op.create_index(batch_op.f("ix_grants_person_id"), ["person_id"], unique=False)

    op.create_table(
        "deadlines",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("anchor_at", models.instant.Instant(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.String(length=32), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("due_at", models.instant.Instant(), nullable=False),
        sa.Column("first_due_at", models.instant.Instant(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("held_at", models.instant.Instant(), nullable=True),
        sa.Column("paused_at", models.instant.Instant(), nullable=True),
        sa.Column("breached_at", models.instant.Instant(), nullable=True),
        sa.Column("noticed_at", models.instant.Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=9), nullable=True),
        sa.Column("ended_at", models.instant.Instant(), nullable=True),
        sa.CheckConstraint("outcome <> 'met' OR breached_at IS NULL", name=op.f("ck_deadlines_met_is_in_time")),
        sa.CheckConstraint("outcome IN ('met', 'missed', 'withdrawn')", name=op.f("ck_deadlines_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_deadlines_ended")),
        sa.CheckConstraint("breached_at IS NULL OR breached_at = due_at", name=op.f("ck_deadlines_breached")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deadlines_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint("case_id", "name", "cycle", "round", name=op.f("uq_deadlines_case_id_name_cycle_round")),
    )
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deadlines_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.create_index(
            "ix_deadlines_open",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "events",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", models.instant.Instant(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("trigger", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('move', 'note', 'rung', 'nobody')", name=op.f("ck_events_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_events_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_events")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("received_at", models.instant.Instant(), nullable=False),
        sa.Column("received_from", sa.String(length=32), nullable=False),
        sa.Column("taken_at", models.instant.Instant(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.CheckConstraint("phase IN ('before', 'after')", name=op.f("ck_evidence_phase")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_evidence_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("case_id", "phase", "sha256", "cycle", name=op.f("uq_evidence_case_id_phase_sha256_cycle")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_sha256"), ["sha256"], unique=False)

    op.create_table(
        "extensions",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", models.instant.Instant(), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("from_due_at", models.instant.Instant(), nullable=False),
        sa.Column("to_due_at", models.instant.Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("control_measures", sa.Text(), nullable=False),
        sa.Column("decided_at", models.instant.Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=9), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome IN ('granted', 'refused', 'withdrawn')", name=op.f("ck_extensions_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_extensions_decided")),
        sa.CheckConstraint("to_due_at > from_due_at", name=op.f("ck_extensions_later")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_extensions_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_extensions")),
    )
    with op.batch_alter_table("extensions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_extensions_pending",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "hazards",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("finder", sa.String(length=200), nullable=True),
        sa.Column("found_at", models.instant.Instant(), nullable=False),
        sa.Column("found_text", sa.String(length=200), nullable=True),
        sa.Column("requirement", sa.Text(), nullable=True),
        sa.Column("responsible_text", sa.Text(), nullable=True),
        sa.Column("deadline_text", sa.Text(), nullable=True),
        sa.Column("status_text", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.Column("responsibility", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("funds", sa.Text(), nullable=True),
        sa.Column("time_limit", sa.Text(), nullable=True),
        sa.Column("contingency", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_hazards_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_hazards")),
    )
    op.create_table(
        "links",
        sa.Column("from_id", sa.String(length=32), nullable=False),
        sa.Column("to_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("created_at", models.instant.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["cases.id"], name=op.f("fk_links_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["cases.id"], name=op.f("fk_links_to_id")),
        sa.PrimaryKeyConstraint("from_id", "to_id", "kind", name=op.f("pk_links")),
        sa.UniqueConstraint("to_id", "from_id", "kind", name=op.f("uq_links_to_id_from_id_kind")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=48), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("recipient_id", sa.String(length=32), nullable=True),
        sa.Column("deadline_id", sa.String(length=32), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", models.instant.Instant(), nullable=False),
        sa.Column("wake_at", models.instant.Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("settled_at", models.instant.Instant(), nullable=True),
        sa.Column("read_at", models.instant.Instant(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'shown', 'withdrawn', 'dead', 'nobody')", name=op.f("ck_messages_outcome")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_messages_settled")),
        sa.CheckConstraint("(outcome IS NULL) = (wake_at IS NOT NULL)", name=op.f("ck_messages_awake")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_messages_case_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_messages_channel_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["people.id"], name=op.f("fk_messages_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "case_id", "event_seq", "template", "target", name=op.f("uq_messages_case_id_event_seq_template_target")
        ),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_messages_deadline",
            ["deadline_id"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.create_index(
            "ix_messages_order",
            ["channel_id", "case_id", "number"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_messages_recipient_id_messages_id"), ["recipient_id", "id"], unique=False)
        batch_op.create_index(
            "ix_messages_red",
            ["created_at", "id"],
            unique=False,
            sqlite_where=sa.text("outcome IN ('nobody', 'dead')"),
            postgresql_where=sa.text("outcome IN ('nobody', 'dead')"),
        )
        batch_op.create_index(
            "ix_messages_waiting",
            ["wake_at"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "submissions",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("submitted_at", models.instant.Instant(), nullable=False),
        sa.Column("submitted_by", sa.String(length=32), nullable=False),
        sa.Column("submitted_by_org", sa.String(length=32), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("money_fen", sa.BigInteger(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("judged_at", models.instant.Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome IN ('verified', 'rejected')", name=op.f("ck_submissions_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (judged_at IS NULL)", name=op.f("ck_submissions_judged")),
        sa.CheckConstraint("money_fen >= 0 AND area_m2 >= 0", name=op.f("ck_submissions_amounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_submissions_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_submissions")),
    )
    op.create_table(
        "acts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("deadline_id", sa.String(length=32), nullable=False),
        sa.Column("move", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", models.instant.Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=9), nullable=True),
        sa.Column("decided_at", models.instant.Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome IN ('accepted', 'refused', 'withdrawn')", name=op.f("ck_acts_outcome")),
        sa.CheckConstraint(
            "outcome NOT IN ('accepted', 'refused') OR reason IS NOT NULL", name=op.f("ck_acts_reasoned")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_acts_decided")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_acts_case_id")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_acts_deadline_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
        sa.UniqueConstraint("deadline_id", "move", "rung", name=op.f("uq_acts_deadline_id_move_rung")),
    )
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acts_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_acts_open",
            ["proposed_at", "id"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "rungs",
        sa.Column("deadline_id", sa.String(length=32), nullable=False),
        sa.Column("move", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("due_at", models.instant.Instant(), nullable=False),
        sa.Column("wake_at", models.instant.Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=9), nullable=True),
        sa.Column("settled_at", models.instant.Instant(), nullable=True),
        sa.CheckConstraint("outcome <> 'fired' OR settled_at >= due_at", name=op.f("ck_rungs_never_early")),
        sa.CheckConstraint("outcome IN ('fired', 'skipped', 'withdrawn', 'imported')", name=op.f("ck_rungs_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_rungs_settled")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_rungs_deadline_id")),
        sa.PrimaryKeyConstraint("deadline_id", "move", "name", name=op.f("pk_rungs")),
    )
    with op.batch_alter_table("rungs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rungs_deadline",
            ["deadline_id"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.create_index(
            "ix_rungs_pending",
            ["wake_at"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL AND wake_at IS NOT NULL"),
            postgresql_where=sa.text("outcome IS NULL AND wake_at IS NOT NULL"),
        )


def downgrade() -> None:
    """Go back to an empty database."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(sa.schema.DropSequence(sa.Sequence("case_numbers")))
    with op.batch_alter_table("rungs", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_rungs_pending",
            sqlite_where=sa.text("outcome IS NULL AND wake_at IS NOT NULL"),
            postgresql_where=sa.text("outcome IS NULL AND wake_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_rungs_deadline", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )

    op.drop_table("rungs")
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_acts_open", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_acts_case_id"))

    op.drop_table("acts")
    op.drop_table("submissions")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_waiting", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )
        batch_op.drop_index(
            "ix_messages_red",
            sqlite_where=sa.text("outcome IN ('nobody', 'dead')"),
            postgresql_where=sa.text("outcome IN ('nobody', 'dead')"),
        )
        batch_op.drop_index(batch_op.f("ix_messages_recipient_id_messages_id"))
        batch_op.drop_index(
            "ix_messages_order", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )
        batch_op.drop_index(
            "ix_messages_deadline", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )

    op.drop_table("messages")
    op.drop_table("links")
    op.drop_table("hazards")
    with op.batch_alter_table("extensions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_extensions_pending",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.drop_table("extensions")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_sha256"))

    op.drop_table("evidence")
    op.drop_table("events")
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_deadlines_open", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )
        batch_op.drop_index(
            "ix_deadlines_due", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )

    op.drop_table("deadlines")
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grants_person_id"))
        batch_op.drop_index(batch_op.f("ix_grants_org_id_grants_role"))

    op.drop_table("grants")
    with op.batch_alter_table("credentials", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_person_id"))

    op.drop_table("credentials")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_visit_id"))
        batch_op.drop_index(batch_op.f("ix_cases_village_id_cases_id"))
        batch_op.drop_index(batch_op.f("ix_cases_town_id_cases_next_due_at_cases_id"))
        batch_op.drop_index(batch_op.f("ix_cases_town_id_cases_id"))
        batch_op.drop_index(batch_op.f("ix_cases_responsible_org_id_cases_id"))
        batch_op.drop_index(batch_op.f("ix_cases_opened_by_cases_id"))
        batch_op.drop_index(batch_op.f("ix_cases_lead_org_id_cases_id"))
        batch_op.drop_index(batch_op.f("ix_cases_enterprise_id_cases_next_due_at_cases_id"))
        batch_op.drop_index(batch_op.f("ix_cases_enterprise_id_cases_id"))
        batch_op.drop_index(batch_op.f("ix_cases_duplicate_of"))
        batch_op.drop_index(batch_op.f("ix_cases_district_id_cases_next_due_at_cases_id"))
        batch_op.drop_index(batch_op.f("ix_cases_district_id_cases_id"))

    op.drop_table("cases")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_enterprise_id"))

    op.drop_table("visits")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_org_id"))

    op.drop_table("people")
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channels_org_id"))

    op.drop_table("channels")
    op.drop_table("tally_deltas")
    op.drop_table("tallies")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisations_town_id_organisations_kind"))
        batch_op.drop_index(batch_op.f("ix_organisations_parent_id"))
        batch_op.drop_index(batch_op.f("ix_organisations_name"))
        batch_op.drop_index(batch_op.f("ix_organisations_district_id_organisations_kind"))

    op.drop_table("organisations")
    op.drop_table("number_counter")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imports_sha256"))

    op.drop_table("imports")
    op.drop_table("holiday_notices")
    op.drop_table("heartbeats")
    op.drop_table("directory_version")
    with op.batch_alter_table("answered_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answered_requests_created_at"))

    op.drop_table("answered_requests")
    op.drop_table("anchors")
