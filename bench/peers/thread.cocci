// One step of threading, as one would write it for Coccinelle: static functions that fetch get the parameter,
// and their calls and prototypes follow.
@fetches@
identifier f;
type T;
typedef STATE;
parameter list ps;
@@
  static T f(
+     STATE *ts,
      ps)
  {
    <+...
-   ACCESSOR()
+   ts
    ...+>
  }

@calls@
identifier fetches.f;
expression list es;
@@
  f(
+   ts,
    es)

@declared@
identifier fetches.f;
type fetches.T;
parameter list fetches.ps;
@@
  static T f(
+     STATE *ts,
      ps);
