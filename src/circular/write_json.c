#include "reading.h"

static void
write_names (JsonWriter *w, const char *key, const char *const *names, size_t n)
{
  json_key (w, key);
  json_begin_array (w);
  for (size_t i = 0; i < n; i++)
    json_str (w, names[i]);
  json_end_array (w);
}

static void
write_action (JsonWriter *w, const CircularAction *action, bool parted)
{
  json_begin_object (w);
  json_member_str (w, "text", action->text);
  json_member_str (w, "strength", circular_strength_name (action->strength));
  if (action->n_parts) {
    json_key (w, "parts");
    json_begin_array (w);
    for (size_t i = 0; i < action->n_parts; i++) {
      json_begin_object (w);
      json_member_str (w, "text", action->parts[i].text);
      json_member_str (w, "strength", circular_strength_name (action->parts[i].strength));
      json_end_object (w);
    }
    json_end_array (w);
  }
  if (parted)
    json_member_int (w, "part", action->part);
  json_end_object (w);
}

static void
write_actions (JsonWriter *w, const CircularClause *clause, bool parted)
{
  json_key (w, "actions");
  json_begin_array (w);
  for (size_t i = 0; i < clause->n_actions; i++)
    write_action (w, &clause->actions[i], parted);
  json_end_array (w);
}

static void
write_units (JsonWriter *w, const CircularClause *clause, bool parted)
{
  json_key (w, "units");
  json_begin_array (w);
  for (size_t i = 0; i < clause->n_units; i++) {
    const CircularUnit *unit = &clause->units[i];
    json_begin_object (w);
    json_member_str (w, "name", unit->name);
    json_member_bool (w, "lead", unit->lead);
    json_member_str (w, "role", unit->role);
    if (parted)
      json_member_int (w, "part", unit->part);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_figures (JsonWriter *w, const CircularClause *clause)
{
  json_key (w, "figures");
  json_begin_array (w);
  for (size_t i = 0; i < clause->n_figures; i++) {
    const CircularFigure *figure = &clause->figures[i];
    json_begin_object (w);
    json_member_str (w, "text", figure->text);
    json_key (w, "value");
    if (figure->has_value)
      json_decimal (w, figure->value);
    else
      json_null (w);
    json_member_str (w, "unit", figure->unit);
    json_member_str (w, "relation", figure->relation);
    json_end_object (w);
  }
  json_end_array (w);
}

/* What clauses, bodies and the closing have in common; inside an open object. */
static void
write_content (JsonWriter *w, const CircularClause *clause)
{
  bool parted = clause->n_units && clause->units[clause->n_units - 1].part > 1;
  json_member_str (w, "text", clause->text);
  write_actions (w, clause, parted);
  write_units (w, clause, parted);
  write_names (w, "inherited_units", clause->inherited_units, clause->n_inherited_units);
  write_figures (w, clause);
  if (clause->units_note)
    json_member_str (w, "units_note", clause->units_note);
}

static void
write_number (JsonWriter *w, const char *key, unsigned number)
{
  json_key (w, key);
  if (number)
    json_int (w, number);
  else
    json_null (w);
}

static void
write_section (JsonWriter *w, const CircularSection *section)
{
  json_begin_object (w);
  write_number (w, "number", section->number);
  json_member_str (w, "title", section->title);
  json_key (w, "clauses");
  json_begin_array (w);
  for (size_t i = 0; i < section->n_clauses; i++) {
    const CircularClause *clause = &section->clauses[i];
    json_begin_object (w);
    json_member_int (w, "number", clause->number);
    json_member_str (w, "label", clause->label);
    json_member_str (w, "title", clause->title);
    write_content (w, clause);
    if (clause->group)
      json_member_str (w, "group", clause->group);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_str (w, "label", section->label);
  if (section->body) {
    json_key (w, "body");
    json_begin_object (w);
    write_content (w, section->body);
    json_end_object (w);
  }
  json_end_object (w);
}

static void
write_closing (JsonWriter *w, const CircularClause *closing)
{
  json_key (w, "closing");
  json_begin_object (w);
  json_member_str (w, "text", closing ? closing->text : "");
  const CircularClause none = { 0 };
  const CircularClause *content = closing ? closing : &none;
  write_units (w, content, false);
  write_actions (w, content, false);
  write_figures (w, content);
  json_end_object (w);
}

static void
write_print_line (JsonWriter *w, const Circular *circular)
{
  json_key (w, "print_line");
  if (!circular->print_line) {
    json_null (w);
    return;
  }
  json_begin_object (w);
  json_member_str (w, "text", circular->print_line);
  json_member_str (w, "office", circular->print_office);
  json_member_str (w, "date", circular->print_date);
  json_end_object (w);
}

static void
write_parent (JsonWriter *w, const Circular *circular)
{
  json_key (w, "parent_document");
  if (!circular->parent_title) {
    json_null (w);
    return;
  }
  json_begin_object (w);
  json_member_str (w, "title", circular->parent_title);
  json_member_str (w, "document_number", circular->parent_number);
  json_end_object (w);
}

void
circular_write_json (const Circular *circular, GString *out)
{
  g_autoptr (JsonWriter) w = json_writer_new (out, 2);
  json_begin_object (w);
  json_member_str (w, "document_number", circular->document_number);
  json_member_str (w, "issuer", circular->issuer);
  json_member_str (w, "title", circular->title);
  json_member_str (w, "date", circular->date);
  json_member_str (w, "openness", circular->openness);
  write_names (w, "addressees", circular->addressees, circular->n_addressees);
  write_names (w, "copies_to", circular->copies_to, circular->n_copies_to);
  write_names (w, "annexes", circular->annexes, circular->n_annexes);
  json_key (w, "sections");
  json_begin_array (w);
  for (size_t i = 0; i < circular->n_sections; i++)
    write_section (w, &circular->sections[i]);
  json_end_array (w);
  write_closing (w, circular->closing);
  write_print_line (w, circular);
  json_member_str (w, "preamble", circular->preamble);
  json_member_str (w, "attached_title", circular->attached_title);
  write_parent (w, circular);
  json_end_object (w);
  g_string_append_c (out, '\n');
}
