// Healthy is who can be given work: exit code 0, else 1.
const url = `http://127.0.0.1:${process.env.PORT}/readyz`
const answer = await fetch(url).catch(() => null)
process.exit(answer?.ok ? 0 : 1)
