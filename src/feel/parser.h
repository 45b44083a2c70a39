/* The parser's own pieces: expressions in parser.c; calls, names, brackets and types in phrases.c;
 * unary tests in tests.c. */
#pragma once

#include "feel_private.h"

const Node *parse_expression (Parser *p);
/* From the comparison level's operands up: + - * / ** and tighter. */
const Node *parse_operand (Parser *p);
const Node *parse_name (Parser *p);
const Node *parse_arguments (Parser *p, unsigned at, const Node *callee, Text builtin);
const Node *parse_parenthesis (Parser *p);
const Node *parse_bracket (Parser *p);
const Node *parse_brace (Parser *p);
const Node *parse_function (Parser *p);
const Node *parse_member (Parser *p, const Node *object);
const FeelType *parse_type (Parser *p);
/* `..` is the token; LOW stands before it. */
const Node *parse_range_end (Parser *p, unsigned at, const Node *low, bool low_closed);

/* One positive unary test of the local. */
const Node *parse_test (Parser *p, unsigned local, const FeelType *input);
/* "-", not(…), or tests with commas. */
const Node *parse_tests (Parser *p, unsigned local, const FeelType *input);

void parser_advance (Parser *p);
void parser_seek (Parser *p, unsigned offset);
bool parser_is (const Parser *p, TokenKind kind);
bool parser_is_word (const Parser *p, const char *word);
/* Whether the token is one of = != < <= > >=. */
bool parser_comparison (const Parser *p, CompareOp *op);
bool parser_take (Parser *p, TokenKind kind);
bool parser_take_word (Parser *p, const char *word);
/* Takes the token or fails: "expected ) to close …, found …". */
void parser_expect (Parser *p, TokenKind kind, const char *what);
void parser_expect_word (Parser *p, const char *word, const char *what);
bool parser_enter (Parser *p); /* one nesting deeper; false (failed) beyond the limit */
void parser_leave (Parser *p);
unsigned parser_new_local (Parser *p);
/* Whether the token's word ends a name: and, or, then, … */
bool parser_is_reserved (Text word);
/* A run of adjacent name parts, normalised. */
Text parser_take_loose_name (Parser *p);
/* The name before `:`, when there is one (named arguments, context keys, typed parameters). */
bool parser_take_label (Parser *p, Text *label);
