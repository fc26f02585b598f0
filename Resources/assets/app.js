// What Comptoir's pages gain with a script. Nothing here is needed: each page works as plain HTML,
// and the server decides everything; see docs/interface.md for the attributes read below.
// bin/assets puts the imported parts in place of these lines, in this order, in one scope.
"use strict"
import "scripts/page.js";
import "scripts/suggest.js";
import "scripts/lines.js";
import "scripts/keys.js";
import "scripts/live.js";
import "scripts/passkeys.js";
