/** The value of a metric of a running server; `name` with its labels, as `/metrics` shows it. NaN when it is not there. */
export async function metric(url: string, name: string): Promise<number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n')
  return Number(lines.find(line => line.startsWith(`${name} `))?.slice(name.length + 1) ?? Number.NaN)
}

/** Whether the server uses its Redis. */
export async function usesRedis(url: string): Promise<boolean> {
  return (await metric(url, 'recoup_breaker{breaker="redis",state="closed"}')) === 1
}
