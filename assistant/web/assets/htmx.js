// The extension finds htmx by its name on the window, so it is put there before the extension is read.
import htmx from "htmx.org/dist/htmx.esm.js";

window.htmx = htmx;
