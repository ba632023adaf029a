// Runs the language server `async-lint-lsp` for Python files.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

/** @type {LanguageClient | undefined} */
let client;

function command() {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const words = vscode.workspace.getConfiguration("async-lint").get("command", ["async-lint-lsp"]);
  return words.map((word) => word.replaceAll("${workspaceFolder}", folder));
}

async function start() {
  const [program, ...args] = command();
  const run = { command: program, args };
  client = new LanguageClient(
    "async-lint",
    "async-lint",
    { run, debug: run },
    { documentSelector: [{ scheme: "file", language: "python" }] },
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const remedy = `Install it with: pip install "async-lint[lsp]", or name it in the setting async-lint.command.`;
    vscode.window.showErrorMessage(`async-lint: ${program} could not be started. ${remedy} (${error})`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function activate(context) {
  const restart = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("async-lint.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("async-lint.command")) {
        return restart();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
