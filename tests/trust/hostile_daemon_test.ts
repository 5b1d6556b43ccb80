import { ATTACKS } from "./attacks/all.ts";
import { attempt } from "./attack.ts";

for (const attack of ATTACKS) {
  Deno.test(`a hostile daemon ${attack.what} (${attack.group})`, async () => {
    await attempt(attack);
  });
}
