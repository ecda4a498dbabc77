#!/usr/bin/env node
// Starts hfhook's program for this system. Signals and the exit code pass through.
"use strict";
const { spawn } = require("child_process");
const { constants } = require("os");

const name = `@NAME@-${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "hfhook.exe" : "hfhook";
let program;
try {
  program = require.resolve(`${name}/bin/${file}`);
} catch {
  console.error(`hfhook: the package ${name} is not installed. If hfhook supports this system, ` +
    "install @NAME@ again without --omit=optional.");
  process.exit(1);
}

// A terminal sends ctrl+c to the program itself; what another process sends arrives here only.
// The handlers come first: a signal that arrives before them would end this process alone.
const forward = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGCONT"];
for (const signal of forward) {
  try {
    process.on(signal, () => { if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal); });
  } catch {
    // this system does not have the signal
  }
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit", windowsHide: false });
child.on("error", (err) => {
  console.error(`hfhook: start ${program}: ${err.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  process.exitCode = signal ? 128 + (constants.signals[signal] || 0) : code;
});
