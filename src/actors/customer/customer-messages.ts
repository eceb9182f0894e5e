/** To `customer/<customerId>`. */
export type CustomerCommand = { type: 'CreateCustomer'; customerId: number; username: string }

export type CustomerReply = { type: 'CustomerCreated'; customerId: number; username: string }
