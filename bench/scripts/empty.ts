// What the runtime costs by itself.
