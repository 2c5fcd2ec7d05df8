/* The yardstick nip in C: same algorithm, same laws and the same polynomial logarithm and arctangent as the kernel.
 * Built in the run by compiled_c.py, with -ffast-math (the limit) and with IEEE rules. Equations: ../case.py. */
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { DELAY = 2500, TRAVERSE = 4000, MONITOR = 100, RECORDS = 1000, NOISE_ROWS = 4000 };

typedef struct { /* order of case.Parameters */
    double dt, width, lanes, integral, omega_1, omega_2;
    double d11c, d11s, d12c, d12s, d21c, d21s, d22c, d22s, o11c, o11s, o12c, o12s, o21c, o21s, o22c, o22s;
    double tau_th, k_g, omega_n, zeta, K_m, K_t, K_b, A_H, K_H, beta, R, k_lam, D_0, nu, m_0, a_n, s_n, s_w, eps_s;
    double sigma_g, alpha_y, alpha_z, K_p, K_i, K_mon, K_mt, h_set;
} Parameters;

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }

static inline double natural_log(double x) { /* normal positive doubles, branch-free */
    uint64_t bits, low;
    memcpy(&bits, &x, 8);
    uint64_t biased = (bits - 0x3FE6A09E667F3BCDull + 0x3FF0000000000000ull) >> 52;
    uint64_t raised = biased | 0x4330000000000000ull;
    double exponent, mantissa;
    memcpy(&exponent, &raised, 8);
    exponent -= 4503599627371519.0;
    low = bits - ((biased - 1023) << 52);
    memcpy(&mantissa, &low, 8);
    double f = (mantissa - 1.0) / (mantissa + 1.0), s = f * f, t = s * s;
    double series = 0.09091444604633298 + s * 0.07665859404140035 + t * 0.07308242099183301;
    series = 0.14285714312991274 + s * 0.11111105566821042 + t * series;
    series = 0.3333333333333335 + s * 0.19999999999949744 + t * series;
    return exponent * 0.6931471805599453 + (f + f) * (1.0 + s * series);
}

static inline double arc_series(double z) { /* atan(sqrt z) / sqrt z, 0 <= z <= 0.1716 */
    double y = z * z;
    double low = (-0.3333333333333325 + z * 0.19999999999898374) + y * (-0.14285714266090668 + z * 0.11111109636147994);
    double middle = (-0.09090852544683327 + z * 0.07691054932692105) + y * (-0.06649611311063386 + z * 0.057363175465234104);
    return 1.0 + z * (low + y * y * (middle + y * y * (-0.044832864551068725 + z * 0.022749867857222852)));
}

static inline double arc_tangent(double y, double x) { /* of y / x, y >= 0, x > 0, branch-free */
    int large = y > 2.414213562373095 * x, middle = y > 0.41421356237309503 * x;
    double top = large ? -x : (middle ? y - x : y);
    double bottom = large ? y : (middle ? y + x : x);
    double offset = large ? 1.5707963267948966 : (middle ? 0.7853981633974483 : 0.0);
    double t = top / bottom;
    return offset + t * arc_series(t * t);
}

static inline double arc_tangent_to_2(double x) { /* 0 <= x <= 2.41 */
    int middle = x > 0.41421356237309503;
    double t = (middle ? x - 1.0 : x) / (middle ? x + 1.0 : 1.0);
    return (middle ? 0.7853981633974483 : 0.0) + t * arc_series(t * t);
}

static inline void peak_form(double h, double m, double A_H, double beta, double R, double *q, double *dq) {
    double inv = 1.0 / h, D = least(most(m * inv, 0.3), 0.97);
    double P = most(-natural_log(1.0 - D) - A_H, 0.0), e = most(beta * m - h, 1e-9), c = sqrt(R * e);
    *q = P * c;
    *dq = -c * (e * D * inv + 0.5 * P * (1.0 - D)) / (e * (1.0 - D));
}

static inline void integral_form(double h, double m, double A_H, double inv_loose, double beta, double root_R, double *q,
                                 double *dq) {
    double inv = 1.0 / h, D = least(most(m * inv, 0.3), 0.97), c2 = 1.0 - D, c = sqrt(c2);
    double U2 = least(beta * m * inv, D * inv_loose) - 1.0, U = sqrt(U2);
    double a = arc_tangent_to_2(U), a_c = arc_tangent(U, c);
    double ratio = natural_log((1.0 + U2) / (c2 + U2));
    double root = root_R * sqrt(h);
    *q = root * (U * (ratio - A_H) + 2.0 * (a - c * a_c));
    *dq = -root * inv * (a_c / c - a + most(ratio - A_H, 0.0) / (2.0 * U));
}

#define SUM_OVER_LANES(LAW)                                                             \
    for (int64_t l = 0; l < L; l++) {                                                   \
        double q, dq, h = (centre + bend) + eta[l] * (tilt - bend * eta[l]) - crown[l]; \
        LAW;                                                                            \
        S_0 += q, S_1 += q * eta[l];                                                    \
        C_0 += dq, B_0 += dq * eta[l];                                                  \
        B_1 += dq * (eta[l] * eta[l]), B_3 += dq * (eta[l] * eta[l]) * eta[l];          \
    }

static inline int64_t lane_under_gauge(int64_t k, int64_t L) {
    int64_t p = k % (2 * TRAVERSE);
    return (p >= TRAVERSE ? 2 * TRAVERSE - 1 - p : p) * L / TRAVERSE;
}

void advance(const Parameters *given, int64_t L, const double *restrict eta, const double *restrict crown,
             double *restrict x, double *restrict m, double *restrict noise,
             double *restrict z, double *restrict delayed, double *restrict record, const double *restrict xi,
             const double *restrict xi_gauge, int64_t every, int64_t first, int64_t n) {
    const Parameters p = *given;
    double phi_1 = x[0], phi_2 = x[1], th = x[2], x_d = x[3], v_d = x[4], x_o = x[5], v_o = x[6], F = x[7], F_t = x[8];
    double u_I = x[9], u_d = x[10], u_o = x[11], h_r = x[12], t_c = x[13], y = x[14];
    const double inv_K_m = 1.0 / p.K_m, inv_K_t = 1.0 / p.K_t, inv_K_b = 1.0 / p.K_b, turn = 2.0 * M_PI;
    const double A_H = p.A_H, K_H = p.K_H, beta = p.beta, R = p.R, dt = p.dt, step = dt * (double)every;
    const double inv_loose = 1.0 / (1.0 - exp(-A_H)), root_R = sqrt(R);
    const double scale = p.width / (p.lanes * K_H) * (p.integral > 0.5 ? 1.0 : 0.5);
    double eta2_sum = 1e-12, G_r = 0, T_r = 0, F_r = 0, F_tr = 0, S_0 = 0, S_1 = 0, A_0 = 0, A_1 = 0, B_0 = 0;
    double B_1 = 0, B_3 = 0, C_0 = 0;
    for (int64_t l = 0; l < L; l++) eta2_sum += eta[l] * eta[l];
    for (int64_t k = first; k < first + n; k++) {
        phi_1 += p.omega_1 * dt, phi_2 += p.omega_2 * dt;
        if (phi_1 > turn) phi_1 -= turn;
        if (phi_2 > turn) phi_2 -= turn;
        double c1 = cos(phi_1), s1 = sin(phi_1), c2 = cos(phi_2), s2 = sin(phi_2);
        double cc1 = 2.0 * c1 * c1 - 1.0, ss1 = 2.0 * s1 * c1, cc2 = 2.0 * c2 * c2 - 1.0, ss2 = 2.0 * s2 * c2;
        double e_d = p.d11c * c1 + p.d11s * s1 + p.d12c * cc1 + p.d12s * ss1 + p.d21c * c2 + p.d21s * s2 + p.d22c * cc2 + p.d22s * ss2;
        double e_o = p.o11c * c1 + p.o11s * s1 + p.o12c * cc1 + p.o12s * ss1 + p.o21c * c2 + p.o21s * s2 + p.o22c * cc2 + p.o22s * ss2;
        th += dt * (1.0 - th) / p.tau_th;
        v_d += dt * (p.omega_n * p.omega_n * (u_d - x_d) - 2.0 * p.zeta * p.omega_n * v_d);
        v_o += dt * (p.omega_n * p.omega_n * (u_o - x_o) - 2.0 * p.zeta * p.omega_n * v_o);
        x_d += dt * v_d, x_o += dt * v_o;
        double G = 0.5 * (x_d + x_o + e_d + e_o) - p.k_g * th, T = 0.5 * ((x_o + e_o) - (x_d + e_d));
        double centre, tilt, bend, J00, J01, J10, J11, r0, r1, det;
        const int moving = k % every == 0;
        if (moving) {
            for (int pass = 0; pass < 2; pass++) {
                G_r = G, T_r = T, F_r = F, F_tr = F_t;
                centre = G + F * inv_K_m, tilt = T + F_t * inv_K_t, bend = F * inv_K_b;
                S_0 = S_1 = B_0 = B_1 = B_3 = C_0 = 0.0;
                if (p.integral > 0.5) {
                    SUM_OVER_LANES(integral_form(h, m[l], A_H, inv_loose, beta, root_R, &q, &dq))
                } else {
                    SUM_OVER_LANES(peak_form(h, m[l], A_H, beta, R, &q, &dq))
                }
                S_0 *= scale, S_1 *= scale, C_0 *= scale, B_0 *= scale, B_1 *= scale, B_3 *= scale;
                A_0 = C_0 * inv_K_m + (C_0 - B_1) * inv_K_b, A_1 = B_0 * inv_K_m + (B_0 - B_3) * inv_K_b;
                J00 = 1.0 - A_0, J01 = -B_0 * inv_K_t, J10 = -A_1, J11 = 1.0 - B_1 * inv_K_t;
                r0 = F - S_0, r1 = F_t - S_1, det = J00 * J11 - J01 * J10;
                F -= (J11 * r0 - J01 * r1) / det, F_t -= (J00 * r1 - J10 * r0) / det;
            }
        } else {
            double dG = G - G_r, dT = T - T_r;
            J00 = 1.0 - A_0, J01 = -B_0 * inv_K_t, J10 = -A_1, J11 = 1.0 - B_1 * inv_K_t;
            r0 = F_r - (S_0 + C_0 * dG + B_0 * dT), r1 = F_tr - (S_1 + B_0 * dG + B_1 * dT), det = J00 * J11 - J01 * J10;
            F = F_r - (J11 * r0 - J01 * r1) / det, F_t = F_tr - (J00 * r1 - J10 * r0) / det;
        }
        centre = G + F * inv_K_m, tilt = T + F_t * inv_K_t, bend = F * inv_K_b;
        const int64_t g = lane_under_gauge(k, L), a = lane_under_gauge(k + DELAY, L), row = k % NOISE_ROWS;
        double reading = delayed[k % DELAY] + p.sigma_g * xi_gauge[row];
        delayed[k % DELAY] = ((centre + bend) + eta[a] * (tilt - bend * eta[a]) - crown[a]) * (1.0 + p.eps_s);
        if (moving) {
            const double *restrict draw = xi + row * L;
            for (int64_t l = 0; l < L; l++) {
                double h = (centre + bend) + eta[l] * (tilt - bend * eta[l]) - crown[l];
                double lam = 1.0 + p.k_lam * (m[l] / h - p.D_0);
                noise[l] = p.a_n * noise[l] + p.s_n * draw[l];
                m[l] += step * p.nu * (p.m_0 * (1.0 + noise[l] + p.s_w * draw[l]) - m[l] / lam);
            }
        }
        y += p.alpha_y * (reading - y);
        z[g] += p.alpha_z * (y - z[g]);
        double error = h_r - (0.5 * (x_d + x_o) + F * inv_K_m);
        u_I += p.K_i * dt * error;
        double u = u_I + p.K_p * error;
        u_d = u - t_c, u_o = u + t_c;
        if (k % MONITOR == MONITOR - 1) {
            double mean = 0.0, tilted = 0.0;
            for (int64_t l = 0; l < L; l++) mean += z[l], tilted += z[l] * eta[l];
            h_r += 0.1 * p.K_mon * (p.h_set - mean / (double)L), t_c -= 0.1 * p.K_mt * tilted / eta2_sum;
        }
        double *last = record + 4 * (k % RECORDS);
        last[0] = centre, last[1] = tilt, last[2] = F, last[3] = y;
    }
    const double out[] = {phi_1, phi_2, th, x_d, v_d, x_o, v_o, F, F_t, u_I, u_d, u_o, h_r, t_c, y};
    memcpy(x, out, sizeof out);
}
