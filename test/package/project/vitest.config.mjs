export default { test: { include: ['kit.vitest.js'] } }
