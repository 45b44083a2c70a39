/* server — the program serving, in a process of its own. */
#pragma once

#include "scratch.h"

typedef struct {
  GPid pid;
  int out, err;
  guint port;       /* 0 when it ended before it served */
  GString *printed; /* on standard output, up to the end of the addresses and accounts */
} Server;

/* Run `liudong` with ARGUMENTS (parted by spaces) until it says where it serves, or ends. */
Server server_start (const char *arguments);
/* Send SIGNAL (0: none), wait for the end; its exit status, or minus the signal
 * that ended it.  ERR gets standard error (may be NULL). */
int server_end (Server *server, int signal, char **err);
/* One request and its whole answer (free it). */
char *server_ask (const Server *server, const char *request);
/* The same; NULL when the server is not there, cut short when it goes. */
char *server_try (const Server *server, const char *request);
/* The session cookie's value after logging in as NAME, or NULL when refused. */
char *server_login (const Server *server, const char *name, const char *password);
/* Whether the cookie SESSION opens a person's page. */
bool server_knows (const Server *server, const char *session);
