/* The sixteen rules as a loop over columns of 64-bit integers, by hand: the practical limit. Columns and answers stand in the order of records.FIELDS and by_hand.ANSWERS. */
#include <stdint.h>

static int64_t rounded(int64_t n, int64_t d) { return d > 0 ? (2000000 * n + d) / (2 * d) : 0; }

static int surgery(int64_t code) {
    return (UINT64_C(1) << code) & ((UINT64_C(1) << 4) | (UINT64_C(1) << 7) | (UINT64_C(1) << 10) | (UINT64_C(1) << 11) |
        (UINT64_C(1) << 15) | (UINT64_C(1) << 16) | (UINT64_C(1) << 18) | (UINT64_C(1) << 41) | (UINT64_C(1) << 43) |
        (UINT64_C(1) << 44) | (UINT64_C(1) << 45) | (UINT64_C(1) << 46) | (UINT64_C(1) << 47) | (UINT64_C(1) << 48) |
        (UINT64_C(1) << 49) | (UINT64_C(1) << 55)) ? 1 : 0;
}

void judge(int64_t count, const int64_t *const *in, int64_t *const *out) {
    const int64_t *sector = in[0], *code = in[1], *group = in[2], *title = in[3], *dp = in[4], *wants = in[5], *place = in[6],
        *practice = in[7], *signed_ = in[8], *promised = in[25], *share_promised = in[26];
    for (int64_t i = 0; i < count; i++) {
        int64_t titled = title[i] != 0;
        int64_t eligible = sector[i] == 2 || dp[i] == 1 || (sector[i] == 1 && titled);
        int64_t co = eligible && surgery(code[i]);
        int64_t base = in[9][i] + in[13][i] + in[17][i], excess = in[10][i] + in[14][i] + in[18][i];
        int64_t opposable = in[11][i] + in[15][i] + in[19][i], total = in[12][i] + in[16][i] + in[20][i];
        int64_t rate = rounded(excess, base), seen = rounded(in[22][i], in[21][i]), share = rounded(in[23][i], in[24][i]);
        int64_t kept = seen <= promised[i], share_kept = share >= share_promised[i];
        int64_t gap = seen - promised[i], other = share_promised[i] - share;
        if (other > gap) gap = other;
        int64_t tier = kept && share_kept ? 4 : gap <= 20000 ? 3 : gap <= 40000 ? 2 : gap <= 50000 ? 1 : 0;
        out[0][i] = titled; out[1][i] = eligible; out[2][i] = co; out[3][i] = eligible + co;
        out[4][i] = excess; out[5][i] = base; out[6][i] = rate; out[7][i] = rate < 1000000 ? rate : 1000000;
        out[8][i] = rounded(opposable, total);
        out[9][i] = group[i] != 0 && wants[i] && place[i] && practice[i] && eligible;
        out[10][i] = seen; out[11][i] = share; out[12][i] = kept; out[13][i] = share_kept; out[14][i] = tier;
        out[15][i] = signed_[i] ? (in[23][i] * tier + 50) / 100 : 0;
    }
}
