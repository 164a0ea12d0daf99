export default { test: { include: ['kit.vitest.mjs'] } }
