import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { main } from "../../src/cli/main.ts";
import { connect } from "../../src/connect.ts";
import { OptionError } from "../../src/errors.ts";
import { historyReport } from "../../src/history_report.ts";
import { fakeIo } from "../cli/fake_io.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";

daemonTest("historyReport() tells of a build that is over", async ({ address, baseImage }) => {
  const dockerfile = `FROM ${baseImage}\nARG TOKEN\nRUN echo said-${crypto.randomUUID()}\n`;
  const buildArgs = { TOKEN: "hidden-value" };
  const { ref, digest } = await build({ address, dockerfile, buildArgs, tags: ["history-test"] });
  await using client = connect(address);
  const page = await historyReport(client, ref);
  for (const part of ["history-test", digest!, "TOKEN", ">built<", "filename"]) {
    assert.ok(page.includes(part), `${part} is missing`);
  }
  assert.match(page, /<pre class="log"><i>.*<\/i> said-[0-9a-f-]{36}/);
  assert.ok(!page.includes("hidden-value"));
});

daemonTest("moat-build report writes the page of a failed build", async ({ address }) => {
  await using folder = tempFolder();
  const building = build({ address, dockerfile: "FROM scratch\nCOPY missing /\n" });
  await assert.rejects(building);
  const file = join(folder.path, "build.html");
  const io = fakeIo();
  assert.equal(await main(["report", "--addr", address, building.ref, file], io), 0, io.err());
  assert.match(readFileSync(file, "utf8"), />failed<[\s\S]*What went wrong[\s\S]*missing/);
});

daemonTest("historyReport() refuses a build that is not on record", async ({ address }) => {
  await using client = connect(address);
  await assert.rejects(historyReport(client, "no-such-build"), OptionError);
  const io = fakeIo();
  assert.equal(await main(["report", "--addr", address, "no-such-build", "/tmp/x.html"], io), 2);
  assert.match(io.err(), /^error: .* has no record of a build "no-such-build" that is over/);
  assert.equal(await main(["report", "--addr", address], io), 2);
});
