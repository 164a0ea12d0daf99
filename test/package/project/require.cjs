const { createOmen } = require('omen-iam')

createOmen().then(async (omen) => {
  process.stdout.write(`${omen.endpoint}\n`)
  await omen.close()
})
