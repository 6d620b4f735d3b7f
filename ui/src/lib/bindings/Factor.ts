export type Factor = "password";
